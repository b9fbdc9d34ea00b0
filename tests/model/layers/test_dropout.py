"""Dropout silences the right share, at random but repeatably, and nothing when scored."""

from collections.abc import Callable

import numpy as np
import pytest

from base.base_layer import RandomContext
from base.random_streams import RandomStreams
from base.types import Array
from model.layers.dropout import Dropout, Dropout2D
from model.layers.sequential import Sequential
from tests.one_layer import OneLayer, batch, built


def mask(step: int = 0, shard: int = 0, seed: int = 1, dtype: str = "float64", p: float = 0.5) -> Array:
    """What ones become."""
    context = RandomContext(RandomStreams(seed), shard)
    context.step = step
    model = OneLayer(Dropout(p))
    model.build((1000,), RandomStreams(seed), dtype)
    return model.replica(context).forward(np.ones((40, 1000), dtype))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_each_number_is_silenced_with_probability_p_and_else_grown_so_that_the_mean_stays(p: float, dtype: str) -> None:
    output = mask(p=p, dtype=dtype)
    kept = output != 0
    deviation = np.sqrt(p * (1 - p) / output.size)
    assert abs(kept.mean() - (1 - p)) < 5 * deviation
    np.testing.assert_allclose(output[kept], 1 / (1 - p), rtol=1e-6)
    assert (abs(kept.mean(axis=0) - (1 - p)) < 6 * np.sqrt(p * (1 - p) / len(output))).all()


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (lambda: mask(step=4, shard=2), True),
        (lambda: mask(step=5, shard=2), False),
        (lambda: mask(step=4, shard=3), False),
        (lambda: mask(step=2, shard=4), False),
        (lambda: mask(step=4, shard=2, seed=2), False),
    ],
    ids=["same step and shard", "other step", "other shard", "step and shard exchanged", "other seed"],
)
def test_who_is_silenced_is_a_function_of_seed_step_and_shard(other: Callable[[], Array], same: bool) -> None:
    agreement = np.mean(mask(step=4, shard=2) == other())
    assert agreement == 1.0 if same else abs(agreement - 0.5) < 0.02


def test_the_numbers_come_from_the_stream_of_layer_step_and_shard_in_this_order() -> None:
    drawn = RandomStreams(1).generator("layer/dropout", 4, 2).random((40, 1000))
    np.testing.assert_array_equal(mask(step=4, shard=2) != 0, drawn >= 0.5)


def test_two_dropouts_of_a_network_silence_different_numbers() -> None:
    model = OneLayer(Sequential([Dropout(), Dropout()]))
    model.build((1000,), RandomStreams(1))
    output = model.replica(RandomContext(RandomStreams(1), 0)).forward(np.ones((40, 1000), np.float32))
    assert abs(np.mean(output != 0) - 0.25) < 0.02


def test_the_gradient_passes_where_the_number_passed() -> None:
    model = built(Dropout(0.3), (50,))
    output = model.forward(np.ones((4, 50))).copy()
    np.testing.assert_array_equal(model.backward(np.full((4, 50), 2.0)), 2 * output)


def test_nothing_is_silenced_when_scored() -> None:
    model = OneLayer(Dropout(0.9))
    model.build((5,), RandomStreams(1), "float64")
    x = batch(3, (5,))
    model.eval()
    np.testing.assert_array_equal(model.forward(x), x)
    np.testing.assert_array_equal(model.backward(x), x)


def test_without_a_clock_training_is_refused() -> None:
    model = OneLayer(Dropout())
    model.build((5,), RandomStreams(1))
    with pytest.raises(RuntimeError, match="layer dropout draws random numbers but has no random context"):
        model.forward(np.ones((1, 5), np.float32))


def test_dropout_of_channels_silences_all_pixels_of_a_sample_and_channel_or_none() -> None:
    model = built(Dropout2D(0.3), (4, 5, 600))
    output = model.forward(np.ones((20, 4, 5, 600))).copy()
    channels = output[:, 0, 0]
    np.testing.assert_array_equal(output, np.broadcast_to(channels[:, None, None], output.shape))
    np.testing.assert_allclose(np.unique(channels), [0, 1 / 0.7])
    kept = channels != 0
    assert abs(kept.mean() - 0.7) < 5 * np.sqrt(0.3 * 0.7 / kept.size)
    assert len(np.unique(kept, axis=0)) == 20
    np.testing.assert_array_equal(model.backward(np.full(output.shape, 2.0)), 2 * output)
