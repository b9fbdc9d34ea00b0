"""From the shards' gradients to new parameters, the same however the vector is cut."""

import numpy as np
import pytest

from base.base_model import BaseModel
from base.base_regularizer import BaseRegularizer
from base.parameter_group import Group
from base.random_streams import RandomStreams
from base.types import Array
from model.architectures.mlp import MLP
from model.regularizers.elastic_net import ElasticNet
from model.regularizers.l2 import L2
from model.regularizers.max_norm import MaxNorm
from ops.ops import Ops
from tests.every_ops import choose_ops, every_ops
from tests.trainer.problem import model
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD
from trainer.update import Update
from trainer.workers.threads import Threads
from utils.config.trainer_settings import Averaging, GradientClip


def noise(network: BaseModel, count: int) -> list[Array]:
    """Gradients of so many shards."""
    generator = np.random.Generator(np.random.Philox(key=2))
    return [generator.normal(size=network.values.shape).astype(network.values.dtype) for _ in range(count)]


def step(network: BaseModel, optimizer: SGD | Adam, grads: list[Array], threads: int = 1, weight: float = 0.0) -> None:
    """One step of the optimizer, with an L2 penalty where a weight is given."""
    workers = Threads(threads)
    optimizer.bind(network.values, network.parameter_ranges())
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


@every_ops
@pytest.mark.parametrize("threads", [2, 4])
@pytest.mark.parametrize("optimizer", [SGD(lr=1.0, momentum=0.9), Adam(lr=1.0)], ids=["SGD", "Adam"])
def test_pieces_on_threads_give_the_bits_of_one_piece(threads: int, optimizer: SGD | Adam, ops: str) -> None:
    networks: list[BaseModel] = []
    optimizer.ops = choose_ops(ops)
    for count in (1, threads):
        network = MLP([300, 4 * optimizer.ops.piece // 300, 10])  # large enough for a piece a thread
        network.build((300,), RandomStreams(1))
        optimizer.steps = 0
        step(network, optimizer, noise(network, 2), count, weight=0.01)
        networks.append(network)
    assert networks[0].values.tobytes() == networks[1].values.tobytes()


def updated(clip: GradientClip | None, grads: list[Array], dtype: str = "float64") -> tuple[Array, float]:
    """How far a step of rate 1 goes, and the norm of the gradient."""
    network = model(dtype)
    before, optimizer, workers = network.values.copy(), SGD(lr=1.0), Threads(1)
    optimizer.bind(network.values, network.parameter_ranges())
    update = Update(network, optimizer, None, workers, clip)
    update.apply(grads, lr=1.0)
    return before - network.values, update.grad_norm


def test_the_norm_is_that_of_the_summed_gradient_with_the_penalty() -> None:
    network = model()
    network.values[...] = 2.0
    optimizer = SGD(lr=1.0)
    optimizer.bind(network.values, network.parameter_ranges())
    update = Update(network, optimizer, L2(0.5), Threads(1))
    update.apply([np.ones_like(network.values), np.ones_like(network.values)], lr=1.0)
    weights, biases = 6 * 5 + 5 * 3, 5 + 3
    assert update.grad_norm == pytest.approx(np.sqrt(weights * 3.0**2 + biases * 2.0**2), rel=1e-12)


@pytest.mark.parametrize("largest", [0.5, 1e9])
def test_a_gradient_that_is_too_long_is_scaled_as_in_torch(largest: float) -> None:
    grads = noise(model(), 2)
    total = np.sum(grads, axis=0)
    length = np.linalg.norm(total)
    step, norm = updated(GradientClip(norm=largest), grads)
    np.testing.assert_allclose(step, total * min(1.0, largest / (length + 1e-6)), rtol=1e-9)
    assert norm == pytest.approx(length, rel=1e-12)


def test_numbers_that_are_too_large_are_cut_off() -> None:
    grads = noise(model(), 1)
    expected = np.clip(grads[0], -0.3, 0.3)
    np.testing.assert_allclose(updated(GradientClip(value=0.3), grads)[0], expected, rtol=1e-9)


def test_a_norm_whose_square_float32_cannot_hold_is_still_right() -> None:
    grads = [np.full_like(model("float32").values, 1e30)]
    step, norm = updated(GradientClip(norm=1.0), grads, "float32")
    assert norm == pytest.approx(1e30 * np.sqrt(len(step)), rel=1e-5)
    assert np.linalg.norm(step) == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("arguments", [{}, {"norm": 1.0, "value": 1.0}])
def test_a_bound_is_one_of_the_two(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError, match='give one of "norm" and "value"'):
        GradientClip(**arguments)


def test_the_average_follows_the_parameters_and_stands_in_for_them() -> None:
    network, optimizer = model(), SGD(lr=1.0)
    optimizer.bind(network.values, network.parameter_ranges())
    update = Update(network, optimizer, None, Threads(1), averaging=Averaging(decay=0.75))
    expected = None
    for number in range(4):
        update.apply([noise(network, number + 1)[-1]], lr=1.0)
        expected = network.values.copy() if expected is None else 0.75 * expected + 0.25 * network.values
    own = network.values.copy()
    with update.averaged():
        np.testing.assert_allclose(network.values, expected, rtol=1e-12)
    np.testing.assert_array_equal(network.values, own)


def test_with_warmup_the_decay_grows_to_what_is_given() -> None:
    averaging = Averaging(decay=0.9, warmup=True)
    decays = [averaging.decay_at(step) for step in range(1, 30)]
    assert decays == pytest.approx([min(0.9, 1 - step**-0.75) for step in range(1, 30)], rel=1e-15)
    assert (decays[0], decays[-1]) == (0.0, 0.9)
    network, optimizer = model(), SGD(lr=1.0)
    optimizer.bind(network.values, network.parameter_ranges())
    update, expected = Update(network, optimizer, None, Threads(1), averaging=averaging), np.zeros(len(network.values))
    for number, decay in enumerate(decays[:4]):
        update.apply([noise(network, number + 1)[-1]], lr=1.0)
        expected = decay * expected + (1 - decay) * network.values
    np.testing.assert_allclose(update.average, expected, rtol=1e-12)


def test_without_an_average_the_parameters_stay() -> None:
    network, optimizer = model(), SGD(lr=1.0)
    optimizer.bind(network.values, network.parameter_ranges())
    own = network.values.copy()
    with Update(network, optimizer, None, Threads(1)).averaged():
        np.testing.assert_array_equal(network.values, own)


def bounded(threads: int = 1, groups: list[Group] | None = None, averaging: Averaging | None = None) -> Update:
    """After a step that leaves parameters at 2, with a bound of 1 on weights."""
    network, optimizer, workers = model(), SGD(lr=1.0, groups=groups), Threads(threads)
    network.values[...] = 2.0
    optimizer.bind(network.values, network.parameter_ranges())
    update = Update(network, optimizer, MaxNorm(1.0), workers, averaging=averaging)
    update.apply([np.zeros_like(network.values)], lr=1.0)
    workers.close()
    return update


@pytest.mark.parametrize("threads", [1, 2])
def test_a_bound_is_on_the_weights_of_each_unit_and_not_on_biases(threads: int) -> None:
    network = bounded(threads).model
    named = network.named_views(network.values)
    for layer in ("linear1", "linear2"):
        np.testing.assert_allclose(np.linalg.norm(named[f"{layer}.weight"], axis=0), 1.0, rtol=1e-12)
        assert set(named[f"{layer}.bias"].tolist()) == {2.0}


def test_a_bound_leaves_frozen_weights_as_they_are_and_is_no_penalty() -> None:
    update = bounded(groups=[Group(names="linear2.*", frozen=True)])
    named = update.model.named_views(update.model.values)
    np.testing.assert_allclose(np.linalg.norm(named["linear1.weight"], axis=0), 1.0, rtol=1e-12)
    assert set(named["linear2.weight"].ravel().tolist()) == {2.0}
    assert (update.penalty(), update.grad_norm) == (0.0, 0.0)


def test_the_average_is_of_weights_within_the_bound() -> None:
    update = bounded(averaging=Averaging(decay=0.5))
    assert update.average is not None
    np.testing.assert_array_equal(update.average, update.model.values)


@pytest.mark.parametrize("piece", [4, 2**15])
def test_frozen_parameters_do_not_count_in_the_norm(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ops, "piece", piece)
    network, optimizer = model(), SGD(lr=1.0, groups=[Group(names="linear1.*", frozen=True)])
    optimizer.bind(network.values, network.parameter_ranges())
    grads = noise(network, 1)
    named, before = network.named_views(grads[0].copy()), network.values.copy()
    network.named_views(grads[0])["linear1.weight"][0, 0] = np.nan  # nobody learns from it
    update = Update(network, optimizer, None, Threads(1), GradientClip(norm=0.1))
    update.apply(grads, lr=1.0)
    trained = np.concatenate([named["linear2.weight"].ravel(), named["linear2.bias"]])
    assert update.grad_norm == pytest.approx(np.linalg.norm(trained), rel=1e-12)
    assert np.linalg.norm(before - network.values) == pytest.approx(0.1, rel=1e-5)


class Own(BaseRegularizer):
    """What a user writes in NumPy: the penalty of ElasticNet(0.1, 0.2)."""

    def penalty(self, weights: Array) -> float:
        return float(0.1 * np.abs(weights).sum() + 0.1 * np.square(weights).sum())

    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        scratch[...] = np.sign(weights)
        grad += 0.1 * scratch + 0.2 * weights


@every_ops
@pytest.mark.parametrize(
    "regularizer",
    [None, ElasticNet(0.1, 0.2), Own(), MaxNorm(0.8)],
    ids=["none", "elastic net", "own", "max norm"],
)
@pytest.mark.parametrize("clip", [None, GradientClip(norm=0.5), GradientClip(value=0.2)], ids=["none", "norm", "value"])
def test_each_way_to_update_is_what_one_would_write_down(
    ops: str, regularizer: BaseRegularizer | None, clip: GradientClip | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(choose_ops(ops)), "piece", 4)  # pieces begin and end within weights
    network, optimizer, grads = model(), SGD(lr=1.0, weight_decay=0.1), noise(model(), 3)
    w, expected = network.values.copy(), np.sum(grads, axis=0)
    is_weight = np.zeros(len(w), bool)
    for part in network.weight_ranges():
        is_weight[part] = True
    if regularizer is not None and not isinstance(regularizer, MaxNorm):
        expected = expected + is_weight * (0.1 * np.sign(w) + 0.2 * w)
    norm = np.linalg.norm(expected)
    if clip and clip.norm:
        expected = expected * min(1.0, clip.norm / (norm + 1e-6))
    elif clip and clip.value:
        expected = np.clip(expected, -clip.value, clip.value)
    w = w - 0.5 * (expected + 0.1 * w)
    if isinstance(regularizer, MaxNorm):
        for name, value in network.named_views(w).items():
            if name.endswith("weight"):
                value *= np.minimum(1.0, 0.8 / np.linalg.norm(value, axis=0))
    optimizer.ops = choose_ops(ops)
    if regularizer is not None:
        regularizer.ops = choose_ops(ops)
    optimizer.bind(network.values, network.parameter_ranges())
    update = Update(network, optimizer, regularizer, Threads(1), clip)
    update.apply(grads, lr=0.5)
    np.testing.assert_allclose(network.values, w, rtol=1e-12, atol=1e-14)
    assert update.grad_norm == pytest.approx(norm, rel=1e-12)
