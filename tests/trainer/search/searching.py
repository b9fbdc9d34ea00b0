"""Searches for tests: small ones in this process, and as a user starts them."""

import csv
import json
from pathlib import Path
from typing import Any

import optuna

from base.stop import Stop
from tests.running import Config, write_config
from trainer.search.plan import SearchPlan, plan_search
from trainer.search.results import Result, results_of
from trainer.search.study import open_study
from trainer.search.worker import Worker

COMMAND = ("-c", "config.json", "-s", "search.json")
SEARCH: dict[str, Any] = {
    "name": "small",
    "space": {"optimizer.args.lr": [0.01, 0.1, 0.3], "optimizer.args.momentum": {"low": 0.0, "high": 0.9}},
    "trials": 3,
    "sampler": "RandomSampler",
    "overrides": {"trainer.epochs": 1},
    "heartbeat": 1,
}


def write(config: Config, **changes: Any) -> None:
    """Write config.json, and search.json changed at its top."""
    write_config(config)
    Path("search.json").write_text(json.dumps(SEARCH | changes), encoding="utf-8")


def planned(config: Config, **changes: Any) -> SearchPlan:
    """A plan by the two files."""
    write(config, **changes)
    return plan_search("config.json", "search.json", [])


def searched(config: Config, **changes: Any) -> list[Result]:
    """The results of one worker in this process, which ends when there is no more to do."""
    plan = planned(config, **changes)
    with open_study(plan, None) as study:
        Worker(plan, study, 1, Stop()).work()
        return results_of(study.get_trials(deepcopy=False))


def trials_of(name: str, url: str) -> list[optuna.trial.FrozenTrial]:
    """The trials of a study, however it is doing."""
    storage = optuna.storages.RDBStorage(url)
    try:
        return optuna.load_study(study_name=name, storage=storage).get_trials()
    finally:
        storage.remove_session()
        storage.engine.dispose()


def table(folder: Path) -> list[dict[str, str]]:
    """The rows of results.csv."""
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
