"""Every augmentation keeps shape and type, and depends on its generator alone."""

import numpy as np
import pytest

from tests.cases.augmentation import CASES, AugmentationCase
from tests.one_layer import batch

every_augmentation = pytest.mark.parametrize("case", CASES, ids=str)


def generator(seed: int = 8) -> np.random.Generator:
    return np.random.default_rng(seed)


@every_augmentation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("count", [1, 5])
def test_shape_and_type_stay(case: AugmentationCase, dtype: str, count: int) -> None:
    changed = case.make().apply(batch(count, case.shape, dtype), generator())
    assert (changed.shape, changed.dtype.name) == ((count, *case.shape), dtype)
    assert np.isfinite(changed).all()


@every_augmentation
def test_the_same_generator_changes_a_batch_in_the_same_way_and_another_in_another(case: AugmentationCase) -> None:
    augmentation = case.make()
    first = augmentation.apply(batch(8, case.shape), generator()).copy()
    np.testing.assert_array_equal(augmentation.apply(batch(8, case.shape), generator()), first)
    assert not np.array_equal(augmentation.apply(batch(8, case.shape), generator(9)), first)


@every_augmentation
def test_samples_of_a_batch_are_changed_in_different_ways(case: AugmentationCase) -> None:
    same = np.repeat(batch(1, case.shape), 30, axis=0)
    changed = case.make().apply(same, generator())
    assert len(np.unique(changed.reshape(30, -1), axis=0)) > 5


@every_augmentation
def test_samples_that_cannot_be_changed_are_refused(case: AugmentationCase) -> None:
    case.make().check(case.shape)
    with pytest.raises(ValueError, match=case.words):
        case.make().check(case.refused)
