"""A batch in shards is the whole batch, whatever the shards and threads."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from base.types import Array
from data_loader.augmentation.random_shift import RandomShift
from model.losses.cross_entropy import CrossEntropyLoss
from model.metrics.accuracy import accuracy
from tests.trainer.problem import SAMPLES, STREAMS, data, model, parallel
from trainer.parallel_model import SCORE_ROWS, ParallelModel, auto_shards, divide
from trainer.workers.processes import Processes
from trainer.workers.threads import Threads
from trainer.workers.workers import Workers

EVERY = np.arange(SAMPLES)


def close(one: Array, other: Array) -> bool:
    """Whether arrays differ by rounding alone."""
    return np.allclose(one, other, rtol=0, atol=1e-12)


def whole_batch() -> tuple[float, Array, Array]:
    """Mean loss, outputs and gradient of all samples, by one forward and backward."""
    network, loss, samples = model(), CrossEntropyLoss(), data()
    outputs = network.forward(samples.inputs)
    value = loss.forward(outputs, samples.targets, loss.loss_denominator(samples.targets))
    network.backward(loss.backward())
    return value, outputs, network.grads


@pytest.mark.parametrize("micro_batches", [1, 2, 7, SAMPLES, SAMPLES + 3])
@pytest.mark.parametrize("shards", [1, 2, 4, 7, SAMPLES, SAMPLES + 5])
def test_shards_and_turns_add_up_to_the_mean_loss_and_its_gradient_over_the_whole_batch(
    shards: int, micro_batches: int
) -> None:
    loss, outputs, grads = whole_batch()
    with parallel(shards, micro_batches=micro_batches) as divided:
        batch = divided.train_batch(data(), EVERY, step=0)
        assert batch.loss == pytest.approx(loss, rel=0, abs=1e-12)
        assert close(batch.outputs, outputs)
        assert np.array_equal(batch.targets, data().targets)
        assert close(np.sum(batch.grads, axis=0), grads)


def test_a_smaller_batch_after_a_larger_one_has_its_own_loss_and_gradient() -> None:
    few = np.array([4, 20, 7])
    with parallel(4) as fresh, parallel(4) as used:
        used.train_batch(data(), EVERY, step=0)
        alone, after = fresh.train_batch(data(), few, step=1), used.train_batch(data(), few, step=1)
        assert (len(after.outputs), len(after.grads)) == (3, 4)
        assert after.loss == alone.loss
        assert np.array_equal(after.outputs, alone.outputs)
        assert np.array_equal(sum(after.grads), sum(alone.grads))


KINDS: list[type[Workers]] = [Threads, Processes] if sys.platform == "linux" else [Threads]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("micro_batches", [1, 3])
def test_workers_never_change_a_bit(
    kind: type[Workers], count: int, micro_batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [twenty_steps(1, micro_batches)]
    monkeypatch.setattr("trainer.parallel_model.make_workers", kind)
    results.append(twenty_steps(count, micro_batches))
    assert results[0] == results[1]


def twenty_steps(workers: int, micro_batches: int) -> list[object]:
    """The bits of losses, outputs and gradients of some steps, and of a score."""
    with parallel(4, workers, "float32", dropout=0.5, micro_batches=micro_batches) as divided:
        assert divided.workers.count == workers
        bits: list[object] = []
        with divided.workers.parallel_region("test") as is_leader:
            for step in range(20):
                batch = divided.train_batch(data(), EVERY, step)
                if is_leader:
                    bits += [batch.loss, batch.outputs.tobytes(), [grad.tobytes() for grad in batch.grads]]
        return [*bits, divided.score(data())]


def test_there_are_no_more_workers_than_shards() -> None:
    with parallel(2, threads=8) as divided:
        assert divided.workers.count == 2


@pytest.mark.parametrize("micro_batches", [1, 2])
def test_dropout_depends_on_the_step_and_differs_between_shards_and_turns(micro_batches: int) -> None:
    same = np.zeros(20, int)  # one sample again and again, so that only dropout tells the rows apart
    with parallel(2, dropout=0.5, micro_batches=micro_batches) as divided:
        first, again, later = (divided.train_batch(data(), same, step).outputs.copy() for step in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, later)
    parts = np.split(first, 2 * micro_batches)
    assert len({part.tobytes() for part in parts}) == 2 * micro_batches


def test_augmentation_changes_training_alone_and_not_the_data() -> None:
    images = replace(data(), inputs=np.abs(data().inputs).reshape(-1, 3, 2, 1))
    before = images.inputs.copy()
    network = model(input_shape=(3, 2, 1))
    with ParallelModel(network, CrossEntropyLoss(), STREAMS, shard_count=2, batch_size=SAMPLES) as divided:
        plain = divided.train_batch(images, EVERY, 0).outputs.copy()
        score = divided.score(images)
        shifted = divided.train_batch(images, EVERY, 0, [RandomShift(1)]).outputs.copy()
        assert not np.array_equal(shifted, plain)
        assert divided.score(images) == score
        assert np.array_equal(images.inputs, before)
        assert np.array_equal(divided.train_batch(images, EVERY, 0, [RandomShift(1)]).outputs, shifted)
        assert not np.array_equal(divided.train_batch(images, EVERY, 1, [RandomShift(1)]).outputs, shifted)


class Kept:
    """What a watcher is shown."""

    def __init__(self) -> None:
        self.outputs: list[Array] = []
        self.targets: list[Array] = []

    def update(self, output: Array, target: Array) -> None:
        """Copy a batch."""
        self.outputs.append(output.copy())
        self.targets.append(target)


@pytest.mark.parametrize("samples", [1, SCORE_ROWS, 2 * SCORE_ROWS + 1, 5 * SCORE_ROWS - 3])
def test_the_score_is_that_of_a_direct_computation(samples: int) -> None:
    many, kept = data(samples), Kept()
    outputs = model().forward(many.inputs)
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    with parallel(2, threads=2) as divided:
        assert divided.score(many, [kept]) == pytest.approx(-logs[np.arange(samples), many.targets].mean(), abs=1e-12)
    assert close(np.concatenate(kept.outputs), outputs)
    assert np.array_equal(np.concatenate(kept.targets), many.targets)
    assert accuracy(np.concatenate(kept.outputs), many.targets).mean() == accuracy(outputs, many.targets).mean()


def test_scoring_is_without_dropout_and_training_goes_on_with_it() -> None:
    with parallel(2, dropout=0.5) as dropping, parallel(2) as plain:
        before = dropping.train_batch(data(), EVERY, 0).outputs.copy()
        assert dropping.score(data()) == plain.score(data())
        assert np.array_equal(dropping.train_batch(data(), EVERY, 0).outputs, before)


def test_features_are_a_layers_output_without_dropout() -> None:
    network, rows = model(), np.array([5, 2, 9])
    named = dict(network.named_parameters())
    hidden = data().inputs[rows] @ named["linear1.weight"].value + named["linear1.bias"].value
    with parallel(2, dropout=0.5) as divided:
        before = divided.train_batch(data(), EVERY, 0).outputs.copy()
        assert close(divided.features(data(), rows, "relu1"), np.maximum(hidden, 0))
        assert close(divided.features(data(), rows, "linear2"), network.forward(data().inputs[rows]))
        assert divided.features(data(SCORE_ROWS + 2), np.arange(SCORE_ROWS + 2), "linear2").shape == (SCORE_ROWS + 2, 3)
        assert np.array_equal(divided.train_batch(data(), EVERY, 0).outputs, before)
        with pytest.raises(KeyError, match="conv1"):
            divided.features(data(), rows, "conv1")


def test_a_batch_is_cut_into_parts_that_differ_by_one_at_most() -> None:
    for count in (0, 1, 5, 64):
        for parts in (1, 3, 8):
            sizes = [part.stop - part.start for part in divide(count, parts)]
            assert (sum(sizes), len(sizes)) == (count, parts)
            assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("batch_size", "parameters", "shards"),
    [(32, 1000, 1), (1, 2**20 - 1, 1), (128, 2**20, 2), (255, 2**20, 2), (256, 2**20, 4), (1024, 2**20, 4)],
)
def test_auto_divides_large_steps_alone(batch_size: int, parameters: int, shards: int) -> None:
    assert auto_shards(batch_size, parameters) == shards
