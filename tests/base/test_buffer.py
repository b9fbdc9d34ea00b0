"""What the shards of a batch would have becomes what the model has."""

import numpy as np
import pytest

from base.buffer import merge
from base.types import Array


def merged(before: list[float], *proposals: tuple[list[float], int], dtype: str = "float64") -> Array:
    buffers = np.array(before, dtype)
    merge(buffers, [(np.array(proposed, dtype), samples) for proposed, samples in proposals])
    return buffers


def test_it_is_the_mean_weighted_by_samples() -> None:
    np.testing.assert_allclose(merged([9.0, 9.0], ([1.0, 0.0], 1), ([5.0, 4.0], 3)), [4.0, 3.0], rtol=1e-15)


def test_shards_that_say_nothing_are_left_out_number_by_number() -> None:
    np.testing.assert_array_equal(merged([9.0, 9.0], ([np.nan, 2.0], 5), ([3.0, np.nan], 1)), [3.0, 2.0])


def test_what_no_shard_says_anything_about_stays() -> None:
    np.testing.assert_array_equal(merged([9.0, 8.0], ([np.nan, 2.0], 5), ([np.nan, 2.0], 2)), [9.0, 2.0])
    np.testing.assert_array_equal(merged([9.0], ([4.0], 0)), [9.0])


@pytest.mark.parametrize("count", [3.0, 100_001.0, 2.0**24 - 1])
def test_a_count_on_which_all_agree_stays_whole(count: float) -> None:
    proposals = [([count], samples) for samples in (3, 7, 1, 43, 43, 43, 42)]
    assert merged([count - 1], *proposals, dtype="float32") == count


def test_shards_are_summed_as_a_tree() -> None:
    means = [1e16, 1.0, -1e16, 1.0]
    assert merged([0.0], *(([mean], 1) for mean in means)) == ((means[0] + means[1]) + (means[2] + means[3])) / 4
