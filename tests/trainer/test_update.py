"""From the shards' gradients to new parameters, the same however the vector is cut."""

import numpy as np
import pytest

from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array
from model.architectures.mlp import MLP
from model.regularizers.l2 import L2
from tests.trainer.problem import model
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD
from trainer.update import PIECE, Update
from trainer.workers.threads import Threads


def noise(network: BaseModel, count: int) -> list[Array]:
    """Gradients of so many shards."""
    generator = np.random.Generator(np.random.Philox(key=2))
    return [generator.normal(size=network.values.shape).astype(network.values.dtype) for _ in range(count)]


def step(network: BaseModel, optimizer: SGD | Adam, grads: list[Array], threads: int = 1, weight: float = 0.0) -> None:
    """One step of the optimizer, with an L2 penalty where a weight is given."""
    workers = Threads(threads)
    optimizer.bind(network.values)
    Update(network, optimizer, L2(weight) if weight else None, workers).apply(grads, lr=0.5)
    workers.close()


@pytest.mark.parametrize("shards", [1, 3])
def test_a_step_goes_against_the_sum_of_the_shards_gradients(shards: int) -> None:
    network = model()
    before, grads = network.values.copy(), noise(network, shards)
    expected = before - 0.5 * np.sum(grads, axis=0)
    step(network, SGD(lr=9.0), grads)
    assert np.allclose(network.values, expected, rtol=0, atol=1e-12)


def test_the_gradient_of_l2_is_that_of_weights_and_not_of_biases() -> None:
    network = model()
    network.values[...] = 2.0
    step(network, SGD(lr=9.0), [np.zeros_like(network.values)], weight=0.1)
    named = network.named_views(network.values)
    assert {name: set(values.ravel().tolist()) for name, values in named.items()} == {
        "linear1.weight": {1.9}, "linear1.bias": {2.0}, "linear2.weight": {1.9}, "linear2.bias": {2.0},
    }  # fmt: skip


def test_the_penalty_is_of_weights_and_not_of_biases() -> None:
    network = model()
    network.values[...] = 2.0
    workers = Threads(1)
    assert Update(network, SGD(lr=1.0), L2(0.1), workers).penalty() == pytest.approx(0.05 * 4 * (6 * 5 + 5 * 3))
    assert Update(network, SGD(lr=1.0), None, workers).penalty() == 0.0


@pytest.mark.parametrize("threads", [2, 4])
@pytest.mark.parametrize("optimizer", [SGD(lr=1.0, momentum=0.9), Adam(lr=1.0)], ids=["SGD", "Adam"])
def test_pieces_on_threads_give_the_bits_of_one_piece(threads: int, optimizer: SGD | Adam) -> None:
    networks = []
    for count in (1, threads):
        network = MLP([300, 4 * PIECE // 300, 10])  # large enough for a piece a thread
        network.build((300,), RandomStreams(1))
        optimizer.steps = 0
        step(network, optimizer, noise(network, 2), count, weight=0.01)
        networks.append(network)
    assert networks[0].values.tobytes() == networks[1].values.tobytes()
