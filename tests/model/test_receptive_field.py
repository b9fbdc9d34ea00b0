"""A receptive field holds the pixels that a position of a map depends on, and no others."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.types import Array, Shape
from model.architectures.sequential import SequentialModel
from model.layers.activations import Tanh
from model.layers.batch_norm import BatchNorm2D
from model.layers.conv import Conv2D
from model.layers.linear import Linear
from model.layers.pooling import AvgPool2D, MaxPool2D
from model.layers.residual import BasicBlock, Residual
from model.layers.shape import Flatten, Reshape
from model.receptive_field import ReceptiveField, receptive_fields
from tests.one_layer import batch, replica


def convolution(size: int, **others: int) -> Conv2D:
    return Conv2D(out_channels=2, kernel_size=size, **others)  # type: ignore[arg-type]


CASES: dict[str, tuple[list[BaseLayer], Shape]] = {
    "one convolution": ([convolution(3)], (7, 6, 1)),
    "padding and stride": ([convolution(3, stride=2, padding=1), Tanh()], (9, 8, 2)),
    "dilation": ([convolution(3, stride=2, dilation=2)], (9, 11, 2)),
    "convolutions and pooling": ([convolution(3, padding=1), BatchNorm2D(), AvgPool2D(2), convolution(2)], (10, 9, 1)),
    "overlapping windows": ([AvgPool2D(3, stride=2, padding=1), Tanh(), convolution(2)], (9, 9, 2)),
    "a block": ([Residual([convolution(3, padding=1), Tanh(), convolution(3, padding=1)])], (8, 8, 2)),
    "a block with a shortcut": (
        [Residual([convolution(3, stride=2, padding=1)], [convolution(1, stride=2)])],
        (8, 8, 2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_holds_what_changes_a_position_and_nothing_else(case: tuple[list[BaseLayer], Shape]) -> None:
    layers, shape = case
    model = replica(SequentialModel(layers), shape)
    model.eval()
    field = receptive_fields(model)[""]  # that of the whole
    assert field is not None
    x = batch(1, shape)
    before = model.forward(x).copy()
    seen = np.zeros((*before.shape[1:3], *shape[:2]), bool)
    for y, across in np.ndindex(shape[:2]):
        changed = x.copy()
        changed[0, y, across] += 0.5
        seen[:, :, y, across] = (model.forward(changed) != before).any(axis=(0, 3))
    for i, j in np.ndindex(seen.shape[:2]):
        top, left = field.start[0] + i * field.step[0], field.start[1] + j * field.step[1]
        bottom, right = min(top + field.size[0], shape[0]), min(left + field.size[1], shape[1])
        assert _extent(seen[i, j]) == (max(top, 0), max(left, 0), bottom, right)


def _extent(seen: Array) -> tuple[int, int, int, int]:
    """The rectangle that holds all that is true."""
    rows, columns = np.flatnonzero(seen.any(axis=1)).tolist(), np.flatnonzero(seen.any(axis=0)).tolist()
    return rows[0], columns[0], rows[-1] + 1, columns[-1] + 1


def test_every_layer_has_one_and_those_after_flatten_see_all() -> None:
    layers = [convolution(3), MaxPool2D(2), BasicBlock(2), Flatten(), Linear(out_features=3)]
    model = replica(SequentialModel(layers), (8, 8, 1))
    fields = receptive_fields(model)
    assert {name for name, _ in model.named_layers()} <= set(fields)
    assert fields["maxpool2d1"] == ReceptiveField((0, 0), (2, 2), (4, 4))
    assert fields["basicblock1.body.conv2d1"] == ReceptiveField((-2, -2), (2, 2), (8, 8))
    assert fields["flatten1"] is None
    assert fields["linear1"] is None


def test_samples_that_are_no_images_have_none() -> None:
    model = replica(SequentialModel([Linear(out_features=4), Reshape([2, 2, 1]), convolution(1)]), (4,))
    assert set(receptive_fields(model).values()) == {None}
