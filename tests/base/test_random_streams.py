"""Random numbers depend on seed, purpose and counters, and on nothing else."""

import numpy as np
import pytest

from base.random_streams import RandomStreams
from base.types import Array

Key = tuple[int, str, tuple[int, ...]]

# The first 64 bits of each stream. Where one of these changes, every run's result changes with it.
FIRST_BITS: list[tuple[Key, int]] = [
    ((309, "split", ()), 4999171835839139482),
    ((309, "order", (0,)), 11558769567510585951),
    ((309, "order", (7,)), 5440397038233600674),
    ((0, "order", (0,)), 3148199214354958733),
    ((309, "init/linear1.weight", ()), 3497649751007324339),
    ((309, "layer/dropout1", (5, 2)), 17221286677328489301),
    ((309, "augmentation/0", (5, 2)), 1103143604040652466),
    ((309, "tsne", ()), 3958948179390428375),
]
DIFFERENT: list[Key] = [key for key, _ in FIRST_BITS] + [
    (1, "a", (1, 2)),
    (1, "a", (2, 1)),
    (1, "a", (0, 1, 2)),
    (1, "a", (2**40,)),
    (1, "b", (1, 2)),
    (2, "a", (1, 2)),
    (21, "a", (1, 2)),
    (2, "1/a", (1, 2)),
]


def draws(key: Key, count: int = 100) -> Array:
    seed, purpose, counters = key
    return RandomStreams(seed).generator(purpose, *counters).random(count)


@pytest.mark.parametrize(("key", "bits"), FIRST_BITS, ids=str)
def test_streams_stay_as_they_are_from_version_to_version(key: Key, bits: int) -> None:
    seed, purpose, counters = key
    assert RandomStreams(seed).generator(purpose, *counters).bit_generator.random_raw() == bits


def test_a_stream_is_the_same_whatever_was_drawn_before() -> None:
    streams = RandomStreams(309)
    first = streams.generator("order", 3).random(5)
    streams.generator("order", 2).random(1000)
    np.random.default_rng().random(3)
    np.testing.assert_array_equal(streams.generator("order", 3).random(5), first)


def test_streams_of_different_keys_have_no_number_in_common() -> None:
    drawn = np.concatenate([draws(key, 1000) for key in DIFFERENT])
    assert len(np.unique(drawn)) == len(drawn)


def test_streams_of_neighbouring_counters_do_not_overlap_or_correlate() -> None:
    streams = np.stack([draws((1, "layer/dropout1", (step, 0)), 4000) for step in range(20)])
    correlation = np.corrcoef(streams) - np.eye(20)
    assert abs(correlation).max() < 5 / np.sqrt(4000)


def test_four_counters_are_refused() -> None:
    with pytest.raises(ValueError, match=r"at most three counters, got \(1, 2, 3, 4\)"):
        RandomStreams(1).generator("a", 1, 2, 3, 4)
