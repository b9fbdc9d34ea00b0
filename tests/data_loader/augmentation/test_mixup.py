"""Mixed samples and their targets."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from data_loader.augmentation.gaussian_noise import GaussianNoise
from data_loader.augmentation.mixup import Mixup
from data_loader.resampling.compose import augment, mixes
from model.architectures.mlp import MLP
from model.losses.cross_entropy import CrossEntropyLoss
from model.losses.mse import MSELoss
from trainer.parallel_model import ParallelModel

STREAMS = RandomStreams(309)


def generator() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize("p", [0.4, 1.0])
def test_targets_are_mixed_as_their_samples_are(p: float) -> None:
    truth = np.random.default_rng(1).normal(size=(60, 3))
    x, mixed = Mixup(alpha=0.8, p=p).apply(truth.copy(), truth.copy(), generator())
    np.testing.assert_allclose(mixed, x, rtol=1e-15)
    assert 0 < np.count_nonzero((x != truth).any(axis=1)) <= 60


def test_mixed_samples_lie_between_two_of_the_batch() -> None:
    corners = np.eye(50)
    changed = Mixup(alpha=1.0).apply(corners.copy(), np.zeros(50), generator())[0]
    np.testing.assert_allclose(changed.sum(axis=1), 1, rtol=1e-12)
    assert (np.count_nonzero(changed, axis=1) <= 2).all()
    assert np.abs(np.sort(changed, axis=1)[:, -1] - 0.75).max() <= 0.25


def test_alpha_is_that_of_the_beta_distribution() -> None:
    _, shares = Mixup(alpha=0.5).apply(np.zeros((20_000, 1)), np.arange(20_000) % 2 * 1.0, generator())
    between = shares[(shares > 0) & (shares < 1)]  # half of the pairs have different targets
    assert between.mean() == pytest.approx(0.5, abs=0.02)
    assert between.var() == pytest.approx(0.125, abs=0.005)  # 1 / (4 (2 alpha + 1))


def test_whole_numbers_become_fractions() -> None:
    assert Mixup(alpha=5.0).apply(np.zeros((40, 1)), np.arange(40), generator())[1].dtype == np.float64


def test_places_in_a_list_keep_their_own_randomness() -> None:
    changes = [GaussianNoise(std=0.0), Mixup(alpha=1.0)]
    truth = np.random.default_rng(1).normal(size=(20, 4))
    x, mixed = augment(truth.copy(), truth, changes, STREAMS, 7, 1)
    np.testing.assert_allclose(mixed, x, rtol=1e-12)
    assert mixes(changes)
    assert not mixes(changes[:1])


def data(count: int) -> Dataset:
    """Samples that tell their class: one-hot rows."""
    targets = np.arange(count) % 4
    return Dataset(np.eye(4)[targets], targets, all_rows(targets), ("a", "b", "c", "d"))


def numbers(of: Dataset) -> Dataset:
    return replace(of, targets=np.eye(4)[of.targets], classes=None)


@pytest.mark.parametrize("prepare", [lambda of: of, numbers], ids=["classes", "numbers"])
def test_a_step_learns_from_mixed_targets_and_shows_the_true_ones(prepare: Callable[[Dataset], Dataset]) -> None:
    """Inputs that are their targets, and a network that changes nothing: the loss is 0 if both are mixed alike."""
    samples = prepare(data(32))
    model = MLP([4, 4])
    model.build((4,), STREAMS, "float64")
    model.values[...] = np.append(np.eye(4), np.zeros(4))
    with ParallelModel(model, MSELoss(), STREAMS, 2, 32, threads=1) as parallel:
        batch = parallel.train_batch(samples, np.arange(32), 0, [Mixup(alpha=1.0)])
    assert batch.loss == pytest.approx(0, abs=1e-25)
    assert (np.count_nonzero(batch.outputs, axis=1) == 2).any()
    np.testing.assert_array_equal(batch.targets, samples.targets)


@pytest.mark.parametrize("micro_batches", [1, 3])
def test_class_weights_of_mixed_targets_are_divided_by_the_number_of_samples(micro_batches: int) -> None:
    """As PyTorch does for probabilities: the loss of equal logits is the mean of sum_c w_c q_c log C."""
    weight, samples, mixup = [1.0, 5.0, 2.0, 3.0], data(30), [Mixup(alpha=1.0)]
    model = MLP([4, 4])
    model.build((4,), STREAMS, "float64")
    model.values[...] = 0
    loss = CrossEntropyLoss(weight=weight)
    with ParallelModel(model, loss, STREAMS, 2, 30, threads=1, micro_batch_count=micro_batches) as parallel:
        batch = parallel.train_batch(samples, np.arange(30), 4, mixup)
    cuts = np.array_split(np.eye(4)[samples.targets], 2 * micro_batches)
    shares = np.concatenate(
        [augment(np.zeros_like(rows), rows, mixup, STREAMS, 4, shard)[1] for shard, rows in enumerate(cuts)]
    )
    assert batch.loss == pytest.approx(np.mean(shares @ weight) * np.log(4), rel=1e-12)
    assert batch.loss_denominator == 30
