"""The rates that are planned are those that are trained with, and a plan for the whole run is not changed midway."""

import json
from pathlib import Path

import pytest

from base.errors import ConfigError, UserError
from tests.running import Config, arrays, go_on, records, run, same_bits, tree
from trainer.checkpoints.run_folder import RunFolder
from trainer.checks.rates import PlannedRates, planned_rates
from utils.config.overrides import override
from utils.config.parser import ConfigParser

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

COSINE = 'lr_scheduler={"type": "CosineAnnealingLR", "args": {"interval": "step"}}'
ONE_CYCLE = 'lr_scheduler={"type": "OneCycleLR", "args": {"max_lr": 0.3}}'
WARM_UP = (
    'lr_scheduler={"type": "LinearWarmup", "args": {"total_iters": 11, "interval": "step", "scheduler": '
    '{"type": "SequentialLR", "args": {"milestones": [1], "schedulers": ["ConstantLR", "PolynomialLR"]}}}}'
)
BY_COUNT = 'lr_scheduler={"type": "StepLR", "args": {"step_size": 3, "interval": "step"}}'
PLATEAU = "lr_scheduler=ReduceLROnPlateau"
NEW = RunFolder(Path("saved"), "tiny", "new")


def planned(config: Config, *changes: str) -> PlannedRates:
    return planned_rates(ConfigParser(override(config, changes), "config.json"))


@pytest.mark.parametrize("change", [COSINE, ONE_CYCLE, WARM_UP, BY_COUNT, "lr_scheduler=null"])
def test_a_run_has_the_rates_that_were_planned(config: Config, change: str) -> None:
    plan = planned(config, change, "trainer.epochs=4")
    assert (plan.steps, plan.steps_per_epoch) == ([*range(32)], 8)
    folder = run(config, change, "trainer.epochs=4")
    assert [record["lr"] for record in records(folder)] == plan.rates[7::8]


def test_batches_that_make_a_step_together_are_planned_as_one(config: Config) -> None:
    changes = (COSINE, "trainer.epochs=4", "trainer.accumulate_steps=3")
    plan = planned(config, *changes)
    assert (len(plan.steps), plan.steps_per_epoch) == (12, 3)
    assert [record["lr"] for record in records(run(config, *changes))] == plan.rates[2::3]


def test_a_long_run_is_planned_at_some_steps_with_the_first_and_the_last(config: Config) -> None:
    plan = planned(config, ONE_CYCLE, "trainer.epochs=100000")
    assert len(plan.steps) == len(plan.rates) <= 4000
    assert (plan.steps[0], plan.steps[-1]) == (0, 799_999)
    assert plan.rates[-1] == pytest.approx(0.3 / 25 / 1e4)


def test_data_are_not_read_where_the_length_of_an_epoch_is_given(config: Config) -> None:
    nowhere = "data_loader.args.data_dir=nowhere"
    assert planned(config, nowhere, "trainer.len_epoch=5").steps == [*range(10)]
    with pytest.raises(UserError, match="nowhere"):
        planned(config, nowhere)


def test_a_split_that_leaves_no_data_is_named(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"config.json: data_loader.args: validation_split takes 300"):
        planned(config, "data_loader.args.validation_split=300")


@pytest.mark.parametrize("change", [PLATEAU, WARM_UP.replace("ConstantLR", "ReduceLROnPlateau")])
def test_rates_that_depend_on_results_are_not_planned(config: Config, change: str) -> None:
    with pytest.raises(UserError, match=r"config.json: lr_scheduler: its rates depend on results"):
        planned(config, change)


def test_the_rate_falls_in_the_epoch_after_one_that_is_no_better(config: Config) -> None:
    changes = ("lr_scheduler.args.patience=0", "lr_scheduler.args.figure=lr", "lr_scheduler.args.factor=0.5")
    folder = run(config, PLATEAU, *changes, "trainer.epochs=4")
    assert [record["lr"] for record in records(folder)] == [0.1, 0.1, 0.05, 0.05]


def test_workers_know_the_rate_that_results_led_to(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.workers.processes.WORTH_SECONDS", 0.0)  # else so short an epoch soon has no workers
    changes = ("lr_scheduler.args.patience=0", "lr_scheduler.args.figure=lr", "trainer.epochs=4")
    one, two = (run(config, PLATEAU, *changes, f"trainer.threads={n}", run_id=f"run{n}") for n in (1, 2))
    assert records(two)[-1]["lr"] < 0.1
    assert same_bits(arrays(one.last), arrays(two.last))


def test_a_change_of_batch_size_keeps_the_place_in_the_plan(config: Config) -> None:
    old = run(config, COSINE, "trainer.epochs=2", run_id="old")
    changes = (COSINE, "trainer.epochs=4", "data_loader.args.batch_size=16")
    run(config, *changes, run_id="new", resume=old.last)
    assert [record["lr"] for record in records(NEW)] == planned(config, *changes).rates[44::15]


@pytest.mark.parametrize("change", [COSINE, ONE_CYCLE])
def test_other_epochs_are_refused_where_those_done_would_have_had_other_rates(config: Config, change: str) -> None:
    folder = run(config, change)
    before = tree(Path("saved"))
    with pytest.raises(UserError, match=r"^trainer.epochs: .*whole run.*-c CONFIG -r .*last.npz --epochs 4"):
        go_on("latest", "trainer.epochs=4")
    assert tree(Path("saved")) == before
    run(config, change, "trainer.epochs=4", run_id="new", resume=folder.last)
    assert [record["lr"] for record in records(NEW)] == planned(config, change, "trainer.epochs=4").rates[23::8]


@pytest.mark.parametrize("change", [BY_COUNT, PLATEAU, COSINE.replace('"interval"', '"T_max": 40, "interval"')])
def test_other_epochs_are_welcome_where_rates_stay(config: Config, change: str) -> None:
    folder = run(config, change)
    go_on("latest", "trainer.epochs=3")
    assert len(records(folder)) == 3
    assert json.loads((folder.models / "config.json").read_text())["trainer"]["epochs"] == 3
