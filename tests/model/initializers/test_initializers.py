"""Every initializer draws from the distribution that its formula says."""

import numpy as np
import pytest

from base.base_initializer import BaseInitializer
from model.fans import fans
from tests.cases.case import Case
from tests.cases.initializers import CASES, InitializerCase

every_initializer = pytest.mark.parametrize("case", CASES, ids=str)


def generator(seed: int = 8) -> np.random.Generator:
    return np.random.default_rng(seed)


@every_initializer
def test_deviation_mean_and_bound_are_those_of_the_formula(case: InitializerCase) -> None:
    values = case.make().sample(case.shape, generator())
    assert (values.shape, values.dtype.name) == (case.shape, "float64")
    assert values.std() == pytest.approx(case.std, rel=0.02)
    assert values.mean() == pytest.approx(case.mean, abs=5 * case.std / np.sqrt(values.size))
    assert abs(values - case.mean).max() <= case.bound


@pytest.mark.parametrize("case", [case for case in CASES if 0 < case.bound < np.inf], ids=str)
def test_uniform_values_reach_both_bounds(case: InitializerCase) -> None:
    values = case.make().sample(case.shape, generator())
    assert [values.min(), values.max()] == pytest.approx([-case.bound, case.bound], rel=1e-3)


@pytest.mark.parametrize("case", [case for case in CASES if case.bound == np.inf], ids=str)
def test_normal_values_have_the_tails_of_a_normal_distribution(case: InitializerCase) -> None:
    distance = abs(case.make().sample(case.shape, generator()) - case.mean) / case.std
    assert np.mean(distance < 1) == pytest.approx(0.6827, abs=0.01)
    assert np.mean(distance > 2) == pytest.approx(0.0455, abs=0.01)


@every_initializer
def test_values_depend_on_the_generator_alone(case: InitializerCase) -> None:
    initializer = case.make()
    first = initializer.sample(case.shape, generator())
    np.testing.assert_array_equal(initializer.sample(case.shape, generator()), first)
    assert case.std == 0 or not np.array_equal(initializer.sample(case.shape, generator(9)), first)


@pytest.mark.parametrize("kind", ["HeNormal", "HeUniform", "XavierNormal", "XavierUniform"])
def test_what_counts_inputs_and_outputs_refuses_a_vector(kind: str) -> None:
    initializer: BaseInitializer = Case(kind, {}).built(BaseInitializer)
    with pytest.raises(ValueError, match=r"need a weight of two axes or more, got shape \(3,\)"):
        initializer.sample((3,), generator())


def test_fans_of_a_kernel_count_its_window() -> None:
    assert fans((5, 7)) == (5, 7)
    assert fans((3, 2, 5, 7)) == (30, 42)
