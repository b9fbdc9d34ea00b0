"""What the result of a run depends on, and what it does not."""

import numpy as np
import pytest

from tests.running import Config, arrays, records, run, same_bits

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

STILL = "optimizer.args.lr=1e-300"  # weights stay as they are


def test_training_makes_the_loss_small(config: Config) -> None:
    losses = [record["loss"] for record in records(run(config, "trainer.epochs=5"))]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 5


def test_averages_are_over_samples_and_not_over_batches(config: Config) -> None:
    whole = records(run(config, STILL, "trainer.epochs=1", "data_loader.args.batch_size=240", run_id="whole"))
    uneven = records(run(config, STILL, "trainer.epochs=1", "data_loader.args.batch_size=239", run_id="uneven"))
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert uneven[0][name] == pytest.approx(whole[0][name], rel=1e-6)


def test_the_length_of_an_epoch_does_not_change_the_stream_of_batches(config: Config) -> None:
    by_pass = run(config, "trainer.epochs=3", run_id="pass")
    by_steps = run(config, "trainer.epochs=8", "trainer.len_epoch=3", run_id="steps")
    assert [record["step"] for record in records(by_steps)] == [3, 6, 9, 12, 15, 18, 21, 24]
    assert same_bits(arrays(by_pass.last), arrays(by_steps.last))


@pytest.mark.parametrize("shards", [1, 4])
@pytest.mark.parametrize("class_balanced", ["false", "true"])
def test_the_threads_never_change_a_bit(config: Config, shards: int, class_balanced: str) -> None:
    rotation = '{"type": "RandomRotation", "args": {"degrees": 9, "p": 0.5}}'
    augmentation = f'augmentation=[{rotation}, "ElasticDeformation", "RandomErasing", "GaussianNoise"]'
    balanced = f"data_loader.args.class_balanced={class_balanced}"
    changes = (f"trainer.shards={shards}", "arch.args.dropout=0.3", augmentation, balanced)
    runs = [run(config, *changes, f"trainer.threads={threads}", run_id=f"t{threads}") for threads in (1, 2, 4)]
    assert all(same_bits(arrays(runs[0].last), arrays(other.last)) for other in runs[1:])
    figures = [[{**record, "seconds": 0} for record in records(folder)] for folder in runs]
    assert figures[0] == figures[1] == figures[2]


def test_the_seed_and_nothing_else_makes_two_runs_differ(config: Config) -> None:
    first, again, other = (run(config, f"seed={seed}", run_id=name) for seed, name in ((1, "a"), (1, "b"), (2, "c")))
    assert same_bits(arrays(first.last), arrays(again.last))
    assert not same_bits(arrays(first.last), arrays(other.last))


def test_float64_is_used_all_through(config: Config) -> None:
    folder = run(config, "trainer.dtype=float64")
    own = {name: array for name, array in arrays(folder.last).items() if not name.startswith("data/")}
    assert {array.dtype for array in own.values()} == {np.dtype("float64")}
    assert records(folder)[0]["loss"] == pytest.approx(records(run(config, run_id="32"))[0]["loss"], rel=1e-4)


@pytest.mark.parametrize(
    ("interval", "milestone", "rates"), [("step", 12, [0.1, 0.05, 0.05]), ("epoch", 2, [0.1, 0.1, 0.05])]
)
def test_the_rate_is_the_schedulers(config: Config, interval: str, milestone: int, rates: list[float]) -> None:
    args = {"milestones": [milestone], "gamma": 0.5, "interval": interval}
    folder = run({**config, "lr_scheduler": {"type": "MultiStepLR", "args": args}}, "trainer.epochs=3")
    assert [record["lr"] for record in records(folder)] == rates
