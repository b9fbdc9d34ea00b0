"""A parameter is a view that cannot be lost."""

import numpy as np
import pytest

from base.parameter import Parameter
from base.types import Array
from model.initializers.constant import Zeros


def bound(shape: tuple[int, ...] = (2, 3)) -> tuple[Parameter, Array, Array]:
    parameter = Parameter(shape, Zeros())
    values, grads = np.zeros(6), np.zeros(6)
    parameter.bind(values.reshape(shape), grads.reshape(shape))
    return parameter, values, grads


def test_assigning_copies_into_the_vector() -> None:
    parameter, values, grads = bound()
    new = np.arange(6.0).reshape(2, 3)
    parameter.value, parameter.grad = new, 2 * new
    new[...] = -1
    assert values.tolist() == [0, 1, 2, 3, 4, 5]
    assert grads.tolist() == [0, 2, 4, 6, 8, 10]


def test_changing_in_place_changes_the_vector_and_the_other_way_round() -> None:
    parameter, values, grads = bound()
    parameter.value += 1
    parameter.grad -= 1
    assert (values.sum(), grads.sum()) == (6, -6)
    values[5] = 9
    assert parameter.value[1, 2] == 9


def test_an_array_of_another_shape_is_refused() -> None:
    parameter, _, _ = bound()
    with pytest.raises(ValueError, match="could not broadcast"):
        parameter.value = np.zeros((3, 2))


def test_without_a_model_there_are_no_numbers() -> None:
    parameter = Parameter((2, 3), Zeros())
    with pytest.raises(RuntimeError, match="no value before its model is built"):
        parameter.value = np.zeros((2, 3))
    with pytest.raises(RuntimeError, match="no gradient before its model is built"):
        parameter.grad = np.zeros((2, 3))


@pytest.mark.parametrize(("shape", "size", "weight"), [((), 1, False), ((4,), 4, False), ((3, 3, 2, 4), 72, True)])
def test_matrices_and_kernels_are_weights_and_vectors_are_not(shape: tuple[int, ...], size: int, weight: bool) -> None:
    parameter = Parameter(shape, Zeros())
    assert (parameter.size, parameter.is_weight) == (size, weight)
