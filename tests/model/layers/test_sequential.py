"""A chain of layers names them, builds them in order, and spares the gradient that nobody needs."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.types import Array, Shape
from model.layers.activations import ReLU, Tanh
from model.layers.linear import Linear
from model.layers.sequential import Sequential, has_parameters
from model.layers.shape import Flatten
from tests.one_layer import batch, built


class Watched(BaseLayer):
    """The identity, that counts how often it was asked for its input's gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        return x

    def backward(self, grad: Array) -> Array:
        self.calls += 1
        return grad


def test_layers_are_named_by_type_and_number() -> None:
    chain = Sequential([Flatten(), Linear(out_features=4), ReLU(), Linear(out_features=3), Sequential([Tanh()])])
    assert list(chain.children) == ["flatten1", "linear1", "relu1", "linear2", "sequential1"]


def test_a_misfit_is_named_by_its_whole_path() -> None:
    inner = Sequential([Tanh(), Linear(out_features=2, in_features=9)])
    chain = Sequential([Linear(out_features=4), inner])
    with pytest.raises(ValueError, match=r"^sequential1: linear1: Linear has in_features 9, .* has 4 \(shape \(4,\)\)"):
        chain.connect((5,))


def test_the_same_object_in_two_places_is_refused() -> None:
    twice = ReLU()
    with pytest.raises(ValueError, match=r"^relu2: the same layer object stands in two places; make one for each$"):
        Sequential([twice, twice]).connect((5,))


@pytest.mark.parametrize("nested", [False, True])
def test_without_need_of_the_input_gradient_parameter_gradients_stay_the_same(nested: bool) -> None:
    watched = Watched()
    layers: list[BaseLayer] = [watched, Linear(out_features=4), Tanh(), Linear(out_features=3)]
    model = built(Sequential([Sequential(layers[:2]), *layers[2:]] if nested else layers), (5,))
    watched = next(layer for _, layer in model.named_layers() if isinstance(layer, Watched))
    above = batch(3, (3,))
    linear = next(layer for _, layer in model.named_layers() if isinstance(layer, Linear))
    gradients = []
    for needed in (True, False):
        model.root.needs_input_gradient = needed
        model.forward(batch(3, (5,)))
        assert (model.backward(above) is not None) == needed
        assert linear.needs_input_gradient == needed
        gradients.append(model.grads.copy())
    np.testing.assert_array_equal(gradients[0], gradients[1])
    assert watched.calls == 1


def test_a_chain_knows_whether_it_has_something_to_train() -> None:
    chains = [Sequential([Sequential([Tanh(), Linear(out_features=2)])]), Sequential([Sequential([Tanh()])])]
    for chain in chains:
        chain.connect((3,))
    assert [has_parameters(chain) for chain in chains] == [True, False]
