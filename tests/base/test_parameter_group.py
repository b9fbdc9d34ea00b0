"""Settings for some parameters reach those, and no others."""

from itertools import pairwise

import numpy as np
import pytest

from base.parameter_group import Group, Segment, segments
from trainer.optimizers.adam import AdamW
from trainer.optimizers.sgd import SGD

RANGES = {
    "conv1.weight": slice(0, 4),
    "conv1.bias": slice(4, 6),
    "linear1.weight": slice(6, 9),
    "linear1.bias": slice(9, 10),
}


def test_without_groups_the_vector_is_one_segment() -> None:
    assert segments(RANGES, [], 0.1) == [Segment(slice(0, 10), None, 0.1)]


def test_a_pattern_chooses_parameters_and_neighbours_alike_are_joined() -> None:
    groups = [Group(names="*.bias", weight_decay=0.0), Group(names=["conv1.weight", "conv1.b*"], lr=0.5)]
    assert segments(RANGES, groups, 0.1) == [
        Segment(slice(0, 6), 0.5, 0.1),  # the last group that a parameter fits is the one that counts
        Segment(slice(6, 9), None, 0.1),
        Segment(slice(9, 10), None, 0.0),
    ]


def test_frozen_parameters_are_in_no_segment() -> None:
    assert segments(RANGES, [Group(names="conv1.*", frozen=True)], 0.0) == [Segment(slice(6, 10), None, 0.0)]


def test_a_pattern_without_a_parameter_is_a_mistake_that_lists_the_names() -> None:
    with pytest.raises(ValueError, match=r"no parameter is named 'conv2\.\*'; there are conv1\.weight, conv1\.bias"):
        segments(RANGES, [Group(names=["conv1.*", "conv2.*"])], 0.0)


@pytest.mark.parametrize("cuts", [(0, 10), (0, 5, 10), (0, 1, 6, 8, 10)])
def test_each_group_has_its_rate_and_decay_wherever_the_vector_is_cut(cuts: tuple[int, ...]) -> None:
    own = [Group(names="conv1.*", lr=0.2), Group(names="*.bias", weight_decay=0.0)]
    groups = [*own, Group(names="conv1.bias", frozen=True)]
    optimizer, values = SGD(0.1, weight_decay=0.5, groups=groups), np.ones(10)
    optimizer.bind(values, RANGES)
    optimizer.begin(lr=0.05)  # half of the optimizer's own rate, so half of each group's
    for start, stop in pairwise(cuts):
        optimizer.step(slice(start, stop), values, np.ones(10), np.empty(10))
    expected = [1 - 0.1 * 1.5, 1, 1 - 0.05 * 1.5, 1 - 0.05]
    for number, part in zip(expected, RANGES.values(), strict=True):
        np.testing.assert_allclose(values[part], number, rtol=1e-15)


def test_decoupled_decay_uses_the_rate_of_its_group() -> None:
    optimizer, values = AdamW(0.1, weight_decay=0.5, groups=[Group(names="conv1.*", lr=0.2)]), np.ones(10)
    optimizer.bind(values, RANGES)
    optimizer.begin(lr=0.1)
    optimizer.step(slice(0, 10), values, np.zeros(10), np.empty(10))
    np.testing.assert_allclose(values, [1 - 0.2 * 0.5] * 6 + [1 - 0.1 * 0.5] * 4, rtol=1e-15)
