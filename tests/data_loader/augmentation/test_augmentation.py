"""Every augmentation keeps shape and type, changes as many samples as it should, and depends on its generator alone."""

import numpy as np
import pytest

from base.types import Array
from tests.cases.augmentation import CASES, AugmentationCase
from tests.one_layer import batch

every_augmentation = pytest.mark.parametrize("case", CASES, ids=str)


def generator(seed: int = 8) -> np.random.Generator:
    return np.random.default_rng(seed)


def unchanged(case: AugmentationCase, p: float, dtype: str) -> Array:
    """Which of 200 samples are the same bit for bit after a change of this probability."""
    before = batch(200, case.shape, dtype)
    before[:, 0] = -0.0
    after = case.make(p=p).apply(before.copy(), np.zeros(len(before)), generator())[0]
    return np.array([one.tobytes() == other.tobytes() for one, other in zip(before, after, strict=True)])


@every_augmentation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_shape_and_type_stay(case: AugmentationCase, dtype: str, count: int) -> None:
    changed = case.make().apply(batch(count, case.shape, dtype), np.zeros(count), generator())[0]
    assert (changed.shape, changed.dtype.name) == ((count, *case.shape), dtype)
    assert np.isfinite(changed).all()


@every_augmentation
def test_the_same_generator_changes_a_batch_in_the_same_way_and_another_in_another(case: AugmentationCase) -> None:
    augmentation = case.make()
    first = augmentation.apply(batch(8, case.shape), np.zeros(8), generator())[0].copy()
    np.testing.assert_array_equal(augmentation.apply(batch(8, case.shape), np.zeros(8), generator())[0], first)
    assert not np.array_equal(augmentation.apply(batch(8, case.shape), np.zeros(8), generator(9))[0], first)


@every_augmentation
def test_samples_of_a_batch_are_changed_in_different_ways(case: AugmentationCase) -> None:
    same = np.repeat(batch(1, case.shape), 100, axis=0)
    changed = case.make().apply(same, np.zeros(len(same)), generator())[0]
    assert len(np.unique(changed.reshape(100, -1), axis=0)) >= case.ways


@every_augmentation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_p_is_how_many_samples_are_changed_and_the_others_keep_every_bit(case: AugmentationCase, dtype: str) -> None:
    assert unchanged(case, 0, dtype).all()
    most, half = (np.count_nonzero(unchanged(case, p, dtype)) / 200 for p in (1, 0.5))
    assert most < 0.5
    assert abs(half - (0.5 + 0.5 * most)) < 0.15


@every_augmentation
def test_samples_that_cannot_be_changed_are_refused(case: AugmentationCase) -> None:
    case.make().check(case.shape)
    if case.refused is not None:
        with pytest.raises(ValueError, match=case.words):
            case.make().check(case.refused)
