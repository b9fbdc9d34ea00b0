"""What --find-lr proposes, and that it leaves nothing but its picture."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from base.errors import UserError
from tests.running import PROJECT, Config, records, run, tree, write_config
from trainer.checkpoints.resume import plan
from trainer.checks.find_lr import find_lr
from trainer.checks.lr_range_test import RangeTest, lr_range_test
from trainer.checks.rate_proposal import Proposal, propose
from trainer.experiment import Experiment, prepare
from utils.config.parser import ConfigParser

RATES = np.geomspace(1e-7, 100, 271)


def experiment(config: Config, *changes: str) -> Experiment:
    write_config(config)
    return prepare(ConfigParser.from_file("config.json", changes))


def proposed(losses: object) -> Proposal | str:
    values = np.asarray(losses).tolist()
    return propose(RangeTest(RATES[: len(values)].tolist(), values))


def basin(lowest: float) -> object:
    """A loss that falls from 2 to 0.5 at this rate, and rises steeply beyond."""
    distance = np.log10(RATES / lowest)
    return np.where(distance < 0, 2 - 1.5 / (1 + distance**2), 0.5 + 50 * distance**2)


@pytest.mark.parametrize("lowest", [1e-4, 1e-2, 1.0])
def test_a_quarter_of_the_rate_of_the_lowest_loss(lowest: float) -> None:
    found = proposed(basin(lowest))
    assert isinstance(found, Proposal)
    assert lowest / 8 < found.rate < lowest / 3.5
    assert f"a quarter of {found.minimum:.2g}" in found.reason
    assert found.steepest < found.minimum


def test_noise_is_no_fall() -> None:
    noisy = 2 + np.random.default_rng(1).normal(size=len(RATES))
    assert "falls at no rate from 1e-07 to 1e+02" in str(proposed(noisy))


def test_a_loss_that_diverges_at_once_has_no_rate() -> None:
    assert "infinite or not a number after 3 steps" in str(proposed([1.0, 2.0, 1e30]))
    assert "infinite or not a number before the first step" in str(proposed([]))


def test_a_loss_that_still_falls_at_the_end_is_said_to() -> None:
    found = proposed(2 - np.linspace(0, 1, len(RATES)))
    assert isinstance(found, Proposal)
    assert "still falls at the highest rate tried" in found.reason


def test_a_loss_below_zero_has_a_rate_as_others() -> None:
    found = proposed(np.asarray(basin(1e-2)) - 5)
    assert isinstance(found, Proposal)
    assert 1e-3 < found.rate < 4e-3


@pytest.mark.parametrize(
    "changes",
    [
        ["optimizer.type=Adam", 'optimizer.args={"lr": 1}'],
        [
            "trainer.accumulate_steps=2",
            'trainer.ema={"decay": 0.9}',
            'trainer.grad_clip={"norm": 1}',
            "trainer.threads=2",
        ],
        ['arch={"type": "CNN", "args": {"channels": [4], "classes": 10, "dropout": 0.2}}'],
    ],
    ids=["Adam", "accumulation, averages, clipping, workers", "CNN"],
)
@pytest.mark.usefixtures("here")
def test_one_picture_is_all_that_is_left(
    config: Config, changes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(config)
    find_lr(plan("config.json", None, changes), None, changes)
    out = capsys.readouterr().out
    assert "a quarter of" in out
    assert "python train.py -c config.json --set" in out
    assert tree(Path()).keys() == {"config.json", "tiny-find-lr.png"}


@pytest.mark.usefixtures("here")
def test_no_number_of_workers_changes_what_is_found(config: Config) -> None:
    one, two = (lr_range_test(experiment(config, f"trainer.threads={threads}")) for threads in (1, 2))
    assert one == two


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_the_rate_trains_well(name: str, here: Path) -> None:
    shutil.copytree(PROJECT / "data" / name, here / "data" / name)
    config = ConfigParser.from_file(str(PROJECT / f"configs/{name}.json")).resolved
    config["trainer"] |= {"verbosity": 0, "epochs": 20, "report": False, "pictures": [], "early_stop": None}
    found = propose(lr_range_test(experiment(config)))
    assert isinstance(found, Proposal)
    losses = [
        records(run(config, f"optimizer.args.lr={found.rate * factor}", run_id=str(factor)))[-1]["val_loss"]
        for factor in (0.1, 1)
    ]
    assert losses[1] < losses[0]


@pytest.mark.usefixtures("here")
def test_nothing_that_learns_is_said_with_a_picture(config: Config) -> None:
    write_config(config)
    frozen = 'optimizer={"type": "SGD", "args": {"lr": 1, "groups": [{"names": "*", "frozen": true}]}}'
    with pytest.raises(UserError, match=r"no learning rate can be proposed: the loss falls at no rate(.|\n)*drawn in"):
        find_lr(plan("config.json", None, [frozen]), "flat.png", [frozen])
    assert Path("flat.png").exists()


@pytest.mark.usefixtures("no_pictures", "here")
def test_weights_to_begin_with(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(config)
    before = tree(Path())
    find_lr(plan("config.json", None, [], str(folder.best)), "found.png", [])
    out = capsys.readouterr().out
    assert "begins with weights of" in out
    assert f"python train.py -c config.json --init {folder.best} --lr" in out
    after = tree(Path())
    assert after.pop("found.png")
    assert after == before
