"""Batch normalisation: running values, scoring, small shards and rounding."""

import numpy as np
import pytest

from base.base_model import BaseModel
from base.buffer import merge
from base.dataset import Dataset, all_rows
from base.types import Array
from model.layers.batch_norm import BatchNorm, BatchNorm1D, BatchNorm2D
from model.losses.mse import MSELoss
from tests.one_layer import STREAMS, OneLayer, batch, built
from trainer.parallel_model import ParallelModel

SHAPE = (3, 2, 4)


def train(model: BaseModel, x: Array) -> None:
    """One batch, after which the running values become what follows."""
    model.forward(x)
    merge(model.buffers, [(model.next_buffers, len(x))])


def statistics(x: Array) -> tuple[Array, Array]:
    """Mean and unbiased variance of each channel."""
    rows = x.reshape(-1, x.shape[-1])
    return rows.mean(axis=0), rows.var(axis=0, ddof=1)


def batches() -> list[Array]:
    return [shift + (1 + shift) * batch(count, SHAPE) for shift, count in enumerate((4, 1, 7))]


@pytest.mark.parametrize("momentum", [0.1, 1.0, 0.0])
def test_running_values_move_to_those_of_each_batch_by_momentum(momentum: float) -> None:
    model = built(BatchNorm2D(momentum=momentum), SHAPE)
    mean, variance = np.zeros(4), np.ones(4)
    for x in batches():
        train(model, x)
        mean += momentum * (statistics(x)[0] - mean)
        variance += momentum * (statistics(x)[1] - variance)
    np.testing.assert_allclose(model.buffer_views()["batchnorm2d.running_mean"], mean, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(model.buffer_views()["batchnorm2d.running_var"], variance, rtol=1e-12)


def test_without_momentum_running_values_are_means_over_batches() -> None:
    model = built(BatchNorm2D(momentum=None), SHAPE)
    for x in batches():
        train(model, x)
    means, variances = zip(*map(statistics, batches()), strict=True)
    np.testing.assert_allclose(model.buffer_views()["batchnorm2d.running_mean"], np.mean(means, axis=0), rtol=1e-12)
    np.testing.assert_allclose(model.buffer_views()["batchnorm2d.running_var"], np.mean(variances, axis=0), rtol=1e-12)
    assert model.buffer_views()["batchnorm2d.num_batches_tracked"] == 3


def test_a_training_forward_changes_no_running_value_itself() -> None:
    model = built(BatchNorm2D(), SHAPE)
    model.forward(batch(3, SHAPE))
    assert model.buffers.tolist() == [0.0] * 4 + [1.0] * 4
    assert model.next_buffers.tolist() != model.buffers.tolist()


def test_samples_are_scored_by_running_values_and_change_none() -> None:
    model = built(BatchNorm2D(affine=False, eps=1e-3), SHAPE)
    train(model, 5 + 3 * batch(6, SHAPE))
    mean, variance = model.buffers[:4], model.buffers[4:]
    model.eval()
    model.next_buffers[...] = -1
    x = batch(2, SHAPE)
    np.testing.assert_allclose(model.forward(x), (x - mean) / np.sqrt(variance + 1e-3), rtol=1e-12)
    assert (model.next_buffers == -1).all()


def test_a_sample_is_scored_alike_whatever_it_is_scored_with() -> None:
    model = built(BatchNorm2D(), SHAPE)
    model.eval()
    x = batch(5, SHAPE)
    together = model.forward(x).copy()
    np.testing.assert_array_equal(model.forward(x[:1]), together[:1])


def test_without_running_values_scoring_normalises_by_its_batch() -> None:
    model = built(BatchNorm2D(track_running_stats=False), SHAPE)
    x = batch(5, SHAPE)
    trained = model.forward(x).copy()
    model.eval()
    np.testing.assert_array_equal(model.forward(x), trained)
    assert len(model.buffers) == 0


@pytest.mark.parametrize("momentum", [0.1, None])
def test_a_shard_of_one_number_a_channel_is_normalised_by_running_values_and_leaves_them(
    momentum: float | None,
) -> None:
    model = built(BatchNorm1D(momentum=momentum), (5,))
    train(model, batch(6, (5,)))
    held = model.buffers.copy()
    x = batch(1, (5,))
    trained = model.forward(x).copy()
    train(model, x)
    np.testing.assert_array_equal(model.buffers, held)
    model.eval()
    np.testing.assert_array_equal(model.forward(x), trained)


def test_running_values_that_are_replaced_keep_no_error_of_those_before() -> None:
    model = built(BatchNorm1D(momentum=1.0), (2,), "float32")
    train(model, 1e6 * batch(6, (2,), "float32"))
    x = batch(6, (2,), "float32")
    train(model, x)
    mean, variance = statistics(x.astype(float))
    np.testing.assert_allclose(model.buffers, [*mean, *variance], rtol=1e-6)


@pytest.mark.parametrize("momentum", [0.1, None])
def test_shards_of_one_sample_neither_count_nor_hold_the_running_values_back(momentum: float | None) -> None:
    """27 samples in 26 shards: only the last has two, which are all that is known of each batch."""
    network = OneLayer(BatchNorm1D(momentum=momentum))
    network.build((3,), STREAMS, "float64")
    mean, variance, rows = np.zeros(3), np.ones(3), np.arange(27)
    with ParallelModel(network, MSELoss(), STREAMS, shard_count=26, batch_size=27, threads=1) as parallel:
        for step in range(4):
            x = step + (1 + step) * batch(27, (3,))
            parallel.train_batch(Dataset(x, x, all_rows(x)), rows, step)
            rate = 1 / (step + 1) if momentum is None else momentum
            mean += rate * (statistics(x[-2:])[0] - mean)
            variance += rate * (statistics(x[-2:])[1] - variance)
    found = network.buffer_views()
    np.testing.assert_allclose(found["batchnorm1d.running_mean"], mean, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found["batchnorm1d.running_var"], variance, rtol=1e-12)
    assert found.get("batchnorm1d.num_batches_tracked", 4) == 4


def test_one_sample_of_several_pixels_is_normalised_by_itself() -> None:
    output = built(BatchNorm2D(affine=False), SHAPE).forward(batch(1, SHAPE))
    np.testing.assert_allclose(output.mean(axis=(0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(output.std(axis=(0, 1, 2)), 1, rtol=1e-4)


def test_numbers_far_from_0_keep_their_digits_in_float32() -> None:
    x = 1000 + batch(64, (14, 14, 3), "float32")
    output = built(BatchNorm2D(affine=False), (14, 14, 3), "float32").forward(x)
    exact = x.astype(float)
    exact = (exact - exact.mean(axis=(0, 1, 2))) / np.sqrt(exact.var(axis=(0, 1, 2)) + 1e-5)
    assert np.abs(output - exact).max() < 1e-3  # a rounding of the inputs is 6e-5; the mean of squares would give 0.1


def test_a_constant_channel_becomes_its_bias() -> None:
    model = built(BatchNorm1D(), (2,))
    output = model.forward(np.full((4, 2), 3.0))
    np.testing.assert_array_equal(output, np.tile(model.named_views(model.values)["batchnorm1d.bias"], (4, 1)))


@pytest.mark.parametrize(("layer", "shape"), [(BatchNorm1D, (4,)), (BatchNorm2D, SHAPE)])
def test_penalties_leave_weight_and_bias_out(layer: type[BatchNorm], shape: tuple[int, ...]) -> None:
    assert built(layer(), shape).weight_ranges() == []
