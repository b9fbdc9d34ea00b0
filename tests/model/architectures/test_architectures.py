"""Every architecture makes the network it names, with the right gradients."""

import numpy as np
import pytest

from base.random_streams import RandomStreams
from model.architectures.cnn import CNN
from model.architectures.mlp import MLP
from model.architectures.resnet import ResNet
from model.layers.residual import BasicBlock
from model.losses.cross_entropy import CrossEntropyLoss
from tests.cases.architectures import CASES, ArchitectureCase
from tests.gradient_check import check_model
from tests.one_layer import STREAMS, OneLayer, batch, replica
from tests.reference.stored import stored

every_architecture = pytest.mark.parametrize("case", CASES, ids=str)


@every_architecture
def test_output_shape_and_number_of_parameters_are_as_described(case: ArchitectureCase) -> None:
    model = case.make()
    model.build(case.input_shape, STREAMS)
    assert (model.output_shape, model.values.shape) == (case.output_shape, (case.size,))
    model.eval()
    assert model.forward(batch(3, case.input_shape, "float32")).shape == (3, *case.output_shape)


@every_architecture
def test_gradients_are_those_of_finite_differences(case: ArchitectureCase) -> None:
    check_model(replica(case.make(), case.input_shape), batch(4, case.input_shape))


@every_architecture
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_of_numbers_is_the_one_asked_for(case: ArchitectureCase, dtype: str) -> None:
    model = replica(case.make(), case.input_shape, dtype)
    output = model.forward(batch(3, case.input_shape, dtype))
    model.backward(np.ones_like(output))
    assert {model.values.dtype.name, output.dtype.name, model.grads.dtype.name} == {dtype}


@every_architecture
def test_building_twice_gives_the_same_first_values_and_another_seed_others(case: ArchitectureCase) -> None:
    model = case.make()
    model.build(case.input_shape, RandomStreams(1))
    first = model.values
    model.build(case.input_shape, RandomStreams(1))
    np.testing.assert_array_equal(model.values, first)
    model.build(case.input_shape, RandomStreams(2))
    assert not np.array_equal(model.values, first)


def test_loss_and_gradients_of_a_perceptron_are_those_of_torch() -> None:
    expected = stored("models", "MLP")
    model, loss = MLP([6, 5, 4, 3]), CrossEntropyLoss()
    model.build((6,), STREAMS, "float64")
    for name, parameter in model.named_parameters():
        parameter.value = expected[f"value.{name}"]
    value = loss.forward(model.forward(expected["x"]), expected["targets"], len(expected["x"]))
    assert value == pytest.approx(expected["loss"], rel=1e-13)
    model.backward(loss.backward())
    for name, gradient in model.named_views(model.grads).items():
        np.testing.assert_allclose(gradient, expected[f"grad.{name}"], rtol=1e-12, atol=1e-15, err_msg=name)


def test_a_perceptron_has_activation_and_dropout_after_every_layer_but_the_last() -> None:
    model = MLP([6, 5, 4, 3], dropout=0.5)
    model.build((6,), STREAMS)
    names = ["flatten1", "linear1", "relu1", "dropout1", "linear2", "relu2", "dropout2", "linear3"]
    assert [name for name, _ in model.named_layers()] == names


def test_a_perceptron_of_another_input_size_names_layer_and_sizes() -> None:
    with pytest.raises(ValueError, match=r"^linear1: Linear has in_features 6, but what comes before it has 8"):
        MLP([6, 3]).build((2, 4), STREAMS)


def test_batch_norm_takes_the_place_of_the_biases_before_it() -> None:
    model = MLP([6, 5, 4, 3], batch_norm=True)
    model.build((6,), STREAMS)
    names = ["linear1", "batchnorm1d1", "relu1", "linear2", "batchnorm1d2", "relu2", "linear3"]
    assert [name for name, _ in model.named_layers()] == ["flatten1", *names]
    biases = [name for name, _ in model.named_parameters() if name.endswith("bias")]
    assert biases == ["batchnorm1d1.bias", "batchnorm1d2.bias", "linear3.bias"]


@pytest.mark.parametrize("name", ["kernel_size", "stride", "padding", "pool_size"])
def test_a_list_for_other_convolutions_than_there_are_is_a_mistake(name: str) -> None:
    message = rf"{name} needs one value, or one for each of the 2 convolutions, got \[1, 2, 3\]"
    with pytest.raises(ValueError, match=message):
        CNN([4, 4], classes=3, **{name: [1, 2, 3]})


def test_a_number_of_blocks_for_other_stages_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"blocks needs one number, or one for each of the 2 stages, got \[1, 2, 3\]"):
        ResNet(classes=3, channels=[4, 8], blocks=[1, 2, 3])


def test_a_convolution_is_followed_by_norm_activation_and_pooling() -> None:
    model = CNN([2, 2], classes=3, hidden_sizes=[4], pool_size=[2, 0], batch_norm=True, dropout=0.5)
    model.build((8, 8, 1), STREAMS)
    names = ["conv2d1", "batchnorm2d1", "relu1", "maxpool2d1", "conv2d2", "batchnorm2d2", "relu2", "flatten1"]
    assert [name for name, _ in model.named_layers()] == [
        *names, "linear1", "batchnorm1d1", "relu3", "dropout1", "linear2"
    ]  # fmt: skip
    biases = [name for name, _ in model.named_parameters() if name.endswith("bias")]
    assert biases == ["batchnorm2d1.bias", "batchnorm2d2.bias", "batchnorm1d1.bias", "linear2.bias"]


def test_pooling_may_come_right_after_the_convolution() -> None:
    model = CNN([2, 2], classes=3, pool_size=[2, 0], pool_first=True, batch_norm=True)
    model.build((8, 8, 1), STREAMS)
    names = [
        "conv2d1",
        "maxpool2d1",
        "batchnorm2d1",
        "relu1",
        "conv2d2",
        "batchnorm2d2",
        "relu2",
        "flatten1",
        "linear1",
    ]
    assert [name for name, _ in model.named_layers()] == names


def test_before_relu_pooling_gives_the_same_outputs_and_gradients() -> None:
    x = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype(np.float32)
    results = []
    for pool_first in (False, True):
        model = CNN([2, 3], classes=4, padding="same", pool_first=pool_first)
        model.build((8, 8, 1), STREAMS)
        results.append((model.forward(x), model.backward(np.ones((3, 4), np.float32)), model.grads))
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_image_too_small_for_its_kernels_names_the_layer() -> None:
    with pytest.raises(ValueError, match=r"^conv2d2: Conv2D: a kernel of \(3, 3\)"):
        CNN([2, 2], classes=3).build((6, 6, 1), STREAMS)


def test_loss_and_gradients_of_a_residual_block_are_those_of_torch() -> None:
    expected = stored("models", "BasicBlock")
    model = replica(OneLayer(BasicBlock(3, stride=2)), expected["x"].shape[1:])
    assert len(dict(model.named_parameters())) == 9
    model.root.needs_input_gradient = True
    for name, parameter in model.named_parameters():
        parameter.value = expected[f"value.{name}"]
    np.testing.assert_allclose(model.forward(expected["x"]), expected["output"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(model.backward(expected["above"]), expected["input_gradient"], rtol=1e-10, atol=1e-13)
    for name, gradient in model.named_views(model.grads).items():
        np.testing.assert_allclose(gradient, expected[f"grad.{name}"], rtol=1e-10, atol=1e-13, err_msg=name)
