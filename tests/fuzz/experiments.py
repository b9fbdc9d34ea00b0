"""Harmed configs whose experiment is built on small data and trained for a step."""

import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import sklearn.datasets  # noqa: F401 - an import that the time limit stops in the middle would break all later ones

from base.errors import NotFinite, UserError
from data_loader.resampling.compose import merged
from tests.fuzz.harm import harm_value
from tests.running import PROJECT
from trainer.experiment import prepare
from utils.config.parser import ConfigParser

MOST = 2**20  # parameters of a network that is trained: more take longer, and find nothing else
BORROWED = ("arch", "augmentation", "loss", "metrics", "optimizer", "regularizer", "lr_scheduler")


def build_harmed_config(folder: Path, configs: list[Any], mnist: Path, draw: random.Random) -> None:
    """Let a config take a section from another one, harm it, build its experiment, and train that for a step."""
    config = _on_small_data(draw.choice(configs), mnist)
    if draw.random() < 0.3 and (section := draw.choice(BORROWED)) in (other := draw.choice(configs)):
        config[section] = other[section]
    harmed = harm_value(config, draw) if draw.random() < 0.4 else _nudged(config, draw)
    path = folder / "built.json"
    try:
        path.write_text(json.dumps(_on_one_thread(harmed)), encoding="utf-8")
    except (RecursionError, UnicodeError):
        return  # no file holds such a thing
    try:
        _step(ConfigParser.from_file(path))
        return
    except (UserError, MemoryError) as error:
        refused = str(error)
    raise UserError(refused or "out of memory")  # it may be one of memory, which is as short here as nowhere else


def _nudged(value: Any, draw: random.Random) -> Any:
    """Another number, or another truth value, at some places: most of these are no mistake by themselves."""
    if isinstance(value, dict):
        return {key: _nudged(child, draw) for key, child in value.items()}
    if isinstance(value, list):
        return [_nudged(child, draw) for child in value]
    if not isinstance(value, bool | int | float) or draw.random() > 0.2:
        return value
    if isinstance(value, bool):
        return not value
    return draw.choice((0, 1, 2, 3, value + 1, value * 2, value * 10, value / 10, 0.5, 1e-30, 1e30, 1e-300, 1e300))


def _on_small_data(config: Any, mnist: Path) -> Any:
    loader = config["data_loader"]
    args = loader["args"]
    if loader["type"] == "CsvDataLoader":
        args = args | {"path": str(PROJECT / args["path"])}
    elif loader["type"] not in ("DigitsDataLoader", "TwoDimensionalDataLoader"):
        loader = {"type": "MnistDataLoader"}
        args = {"data_dir": str(mnist), "batch_size": args.get("batch_size", 32), "validation_split": 0.2}
    return config | {"data_loader": loader | {"args": args}}


def _on_one_thread(config: Any) -> Any:
    if not isinstance(config, dict) or not isinstance(config.get("trainer", {}), dict):
        return config
    return config | {"trainer": config.get("trainer", {}) | {"threads": 1}}


def _step(config: ConfigParser) -> None:
    experiment = prepare(config)
    experiment.monitor()
    if len(experiment.model.values) > MOST:
        return
    settings = experiment.settings
    with experiment.parallel() as parallel, np.errstate(all="ignore"):
        update, samples = experiment.update(parallel.workers), experiment.order().batch(0)
        result = parallel.train_batch(experiment.training, samples, 0, merged(settings.augmentation or []))
        with suppress(NotFinite):
            update.apply(result.grads, settings.optimizer.lr)
