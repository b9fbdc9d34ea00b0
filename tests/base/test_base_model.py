"""A model is a tree of layers over one vector, and its replicas share that vector."""

import numpy as np
import pytest

from base.base_layer import BaseLayer, RandomContext
from base.base_model import BaseModel
from model.initializers.constant import Constant, Zeros
from model.layers.activations import ReLU, Tanh
from model.layers.dropout import Dropout
from model.layers.linear import Linear
from model.layers.sequential import Sequential
from tests.one_layer import STREAMS, OneLayer, batch

NAMES = ["linear1.weight", "linear1.bias", "sequential1.linear1.weight"]


def chain() -> Sequential:
    inner = Sequential([Dropout(0.5), Linear(out_features=2, bias=False)])
    return Sequential([Linear(out_features=4, bias_initializer=Constant(3.0)), Tanh(), inner])


def model(dtype: str = "float64") -> BaseModel:
    made = OneLayer(chain())
    made.build((5,), STREAMS, dtype)
    return made


def replica(of: BaseModel, shard: int = 0) -> BaseModel:
    return of.replica(RandomContext(STREAMS, shard))


def test_every_parameter_is_a_named_view_in_the_order_of_the_vector() -> None:
    made = model()
    made.values[...] = np.arange(len(made.values))
    assert [name for name, _ in made.named_parameters()] == NAMES
    assert np.concatenate([p.value.ravel() for _, p in made.named_parameters()]).tolist() == list(range(32))
    for _, parameter in made.named_parameters():
        assert np.shares_memory(parameter.value, made.values)
        assert np.shares_memory(parameter.grad, made.grads)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_first_values_are_drawn_from_a_stream_of_each_parameters_own(dtype: str) -> None:
    made = model(dtype)
    assert made.values.dtype == made.grads.dtype == dtype
    for name, parameter in made.named_parameters():
        drawn = parameter.initializer.sample(parameter.shape, STREAMS.generator(f"init/{name}"))
        np.testing.assert_array_equal(parameter.value, drawn.astype(dtype))
    assert made.named_views(made.values)["linear1.bias"].tolist() == [3.0] * 4


def test_named_views_cut_any_vector_as_parameters_are_cut() -> None:
    made = model()
    momentum = np.zeros(32)
    views = made.named_views(momentum)
    assert {name: view.shape for name, view in views.items()} == dict(zip(NAMES, [(5, 4), (4,), (4, 2)], strict=True))
    views["linear1.bias"][...] = 1
    assert momentum.nonzero()[0].tolist() == [20, 21, 22, 23]


def test_penalties_apply_to_weights_and_not_to_biases() -> None:
    assert model().weight_ranges() == [slice(0, 20), slice(24, 32)]


def test_layers_are_named_by_their_path() -> None:
    made = model()
    leaves = ["linear1", "tanh1", "sequential1.dropout1", "sequential1.linear1"]
    assert [name for name, _ in made.leaves()] == leaves
    assert [layer.name for _, layer in made.leaves()] == leaves
    assert list(made.output_shapes().items())[:3] == [("linear1", (4,)), ("tanh1", (4,)), ("sequential1", (2,))]


def test_a_network_of_one_layer_is_named_after_its_type() -> None:
    made = OneLayer(Linear(out_features=2))
    made.build((3,), STREAMS)
    assert [name for name, _ in made.named_parameters()] == ["linear.weight", "linear.bias"]


def test_a_network_without_parameters_has_an_empty_vector() -> None:
    made = OneLayer(ReLU())
    made.build((3,), STREAMS)
    assert (made.values.shape, made.forward(batch(2, (3,))).shape) == ((0,), (2, 3))


def test_replicas_share_values_and_have_gradients_and_buffers_of_their_own() -> None:
    made = model()
    first, second = replica(made, 0), replica(made, 1)
    first.eval()
    second.eval()
    made.values *= 0.5
    x = batch(3, (5,))
    output = first.forward(x)
    np.testing.assert_array_equal(output, second.forward(x))
    assert not np.shares_memory(output, second.forward(x))
    first.backward(np.ones_like(output))
    assert first.grads.any()
    assert not second.grads.any()
    assert not made.grads.any()


def test_replicas_draw_by_their_own_shard_and_follow_their_clock() -> None:
    made, x = model(), batch(30, (5,))
    context = RandomContext(STREAMS, 0)
    first, second = made.replica(context), replica(made, 1)
    at_step_0 = first.forward(x).copy()
    assert not np.array_equal(second.forward(x), at_step_0)
    context.step = 1
    assert not np.array_equal(first.forward(x), at_step_0)
    context.step = 0
    np.testing.assert_array_equal(first.forward(x), at_step_0)


def test_a_replica_is_scored_without_changing_how_the_others_train() -> None:
    made = model()
    first, second = replica(made, 0), replica(made, 1)
    first.eval()
    assert {layer.training for _, layer in first.named_layers()} == {False}
    assert {layer.training for _, layer in second.named_layers()} == {True}
    first.train()
    assert {layer.training for _, layer in first.named_layers()} == {True}


def test_replicas_of_a_model_that_is_being_scored_are_refused() -> None:
    made = model()
    made.eval()
    with pytest.raises(RuntimeError, match="replicas are made of a model in training mode"):
        replica(made)


def test_the_gradient_of_the_first_input_is_spared_and_those_of_parameters_are_right() -> None:
    made = replica(model())
    x, above = batch(3, (5,)), batch(3, (2,))
    made.forward(x)
    assert made.backward(above) is None
    spared = made.grads.copy()
    made.root.needs_input_gradient = True
    made.forward(x)
    assert np.asarray(made.backward(above)).shape == (3, 5)
    np.testing.assert_array_equal(made.grads, spared)


@pytest.mark.parametrize("name", ["linear1", "tanh1", "sequential1", "sequential1.linear1"])
def test_the_output_of_a_layer_is_what_the_layers_up_to_it_make(name: str) -> None:
    made = model()
    made.eval()
    x = batch(3, (5,))
    views = made.named_views(made.values)
    linear = x @ views["linear1.weight"] + views["linear1.bias"]
    last = np.tanh(linear) @ views["sequential1.linear1.weight"]
    expected = {"linear1": linear, "tanh1": np.tanh(linear)}.get(name, last)
    kept = made.output_of(x, name)
    np.testing.assert_allclose(kept, expected, rtol=1e-12)
    made.forward(2 * x)
    np.testing.assert_allclose(kept, expected, rtol=1e-12)


def test_the_output_of_a_layer_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="linear9"):
        model().output_of(batch(1, (5,)), "linear9")


def test_one_layer_object_in_two_places_is_refused_with_its_path() -> None:
    twice = Linear(out_features=5)
    with pytest.raises(ValueError, match=r"^sequential1: linear1: the same layer object stands in two places"):
        OneLayer(Sequential([twice, Sequential([twice])])).build((5,), STREAMS)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([Tanh(), Linear(out_features=2, in_features=9)], "^linear1: Linear has in_features 9"),
        ([Sequential([Linear(out_features=2, in_features=9)])], "^sequential1: linear1: Linear has in_features 9"),
    ],
    ids=["at the top", "deeper"],
)
def test_a_layer_that_does_not_fit_is_named_by_its_path(layers: list[BaseLayer], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        OneLayer(Sequential(layers)).build((5,), STREAMS)


def test_weights_of_zeros_are_not_left_to_chance() -> None:
    made = OneLayer(Linear(out_features=2, initializer=Zeros()))
    made.build((3,), STREAMS)
    assert not made.values.any()


def test_first_values_that_are_too_large_are_refused_with_the_parameters_name() -> None:
    made = OneLayer(Linear(out_features=2, bias_initializer=Constant(1e300)))
    with pytest.raises(ValueError, match=r"linear\.bias: Constant gives numbers too large for float32"):
        made.build((3,), STREAMS, "float32")
