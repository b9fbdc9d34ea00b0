"""Training from Python: a dict or a config file in, a run with its history out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from base.base_trainer import BaseCallback
from base.errors import AlreadyDone, UserError
from base.types import Array
from data_loader.loaders.memory import Parts, arrays_in_memory
from logger.compilation import showing_compilation
from logger.history import read_records
from logger.report.page import FILE as REPORT
from trainer.checkpoints.resume import Plan, plan_run
from trainer.checkpoints.run_folder import RunFolder
from trainer.start import train
from utils.config.files import extended, read_config
from utils.config.overrides import override
from utils.config.parser import ConfigParser
from utils.config.plain import plain

Samples = tuple[Any, Any]


@dataclass(frozen=True)
class Run:
    """A run that has ended: its figures, a list of one number an epoch each, and its files."""

    history: dict[str, list[float]]
    folder: RunFolder

    @property
    def log(self) -> Path:
        """The folder of metrics, pictures and report.html."""
        return self.folder.log

    @property
    def models(self) -> Path:
        """The folder of the checkpoints."""
        return self.folder.models

    @property
    def best(self) -> Path:
        """The checkpoint of the best epoch; of the last one where none is judged the best."""
        return self.folder.best if self.folder.best.is_file() else self.folder.last

    @property
    def report(self) -> Path:
        """The page of the run."""
        return self.folder.log / REPORT

    def __repr__(self) -> str:
        return f"Run({str(self.models)!r}, epochs={len(self.history.get('epoch', []))})"


def fit(
    config: Mapping[str, Any] | str | Path | None = None,
    *,
    training: Samples | None = None,
    validation: Samples | None = None,
    test: Samples | None = None,
    resume: str | Path | None = None,
    init: str | Path | None = None,
    run_id: str | None = None,
    overrides: Sequence[str] = (),
    callbacks: Sequence[BaseCallback] = (),
) -> Run:
    """Train as a config says, what `python train.py -c CONFIG` does, and return the run.

    Paths, in a config too, are relative to the current folder; what a file extends is relative to that file.

    config: a dict, or the path of a JSON or YAML file; None continues the run of `resume`.
    training: inputs and targets (x, y) as arrays, in place of the config's data; `data_loader` then may be left out, or
        give its arguments alone, such as {"batch_size": 32, "validation_split": 0.2}.
    validation: validation data as arrays.
    test: test data as arrays.
    resume: a checkpoint, a run's folder or "latest", to go on from, as -r; a run that is done is returned as it is.
    init: a checkpoint whose weights the run begins with, as --init.
    run_id: the name of the run's folders (default: the time).
    overrides: changes of the config, such as "trainer.epochs=5", as --set.
    callbacks: further callbacks, called after those that the config names.

    Raises ConfigError, DataError and the like, with a text that says what to change, and KeyboardInterrupt after
    Ctrl-C (in a notebook: interrupt the kernel), with a checkpoint written to go on from.
    """
    _check_lists(overrides, callbacks)
    parts = _parts(training=training, validation=validation, test=test)
    with ExitStack() as stack:
        digest = stack.enter_context(arrays_in_memory(parts)) if parts else None
        parsed = None if config is None else _parsed(config, overrides, digest)
        words = None if resume is None else str(resume)
        planned = plan_run(parsed, words, overrides, None if init is None else str(init))
        stack.enter_context(showing_compilation(planned.config.resolved["trainer"]["verbosity"] > 0))
        folder = _trained(planned, run_id, callbacks)
    return Run(_columns(folder), folder)


def _trained(planned: Plan, run_id: str | None, callbacks: Sequence[BaseCallback]) -> RunFolder:
    """The folder of the run, which is trained unless it has all its epochs already."""
    try:
        return train(planned, run_id, tsne=False, callbacks=callbacks)
    except AlreadyDone:
        assert planned.folder
        return planned.folder


def _parsed(config: Mapping[str, Any] | str | Path, overrides: Sequence[str], digest: str | None) -> ConfigParser:
    source = "config" if isinstance(config, Mapping) else str(config)
    raw = extended(plain(config), Path.cwd()) if isinstance(config, Mapping) else read_config(source)
    if digest is not None:
        raw = raw | {"data_loader": _memory_section(raw.get("data_loader"), digest)}
    return ConfigParser(override(raw, overrides), source)


def _memory_section(section: Any, digest: str) -> Any:
    """A data loader's section that reads the arrays in memory."""
    section = {"type": section} if isinstance(section, str) else section
    if isinstance(section, Mapping) and section.get("type", "MemoryDataLoader") != "MemoryDataLoader":
        raise UserError(
            "training data are given as arrays, and the config names a data_loader as well: leave one of them out, or "
            'give the arguments of data_loader alone, such as {"batch_size": 32}'
        )
    given = section if isinstance(section, Mapping) else {}
    args = given.get("args", {key: value for key, value in given.items() if key != "type"})
    return {"type": "MemoryDataLoader", "args": {**args, "arrays": digest}}


def _check_lists(overrides: Sequence[str], callbacks: Sequence[BaseCallback]) -> None:
    if isinstance(overrides, str):
        raise UserError(f'overrides: expected a list, got a text; write ["{overrides}"]')
    for callback in callbacks:
        if not isinstance(callback, BaseCallback):
            raise UserError(
                f"callbacks: expected objects of classes derived from BaseCallback, got {callback!r}; names of classes "
                'stand in the config, "callbacks": ["..."]'
            )


def _parts(**given: Samples | None) -> Parts:
    found: dict[str, tuple[Array, Array]] = {}
    for name, samples in given.items():
        if samples is None:
            continue
        if not isinstance(samples, tuple | list) or len(samples) != 2:
            raise UserError(f"{name}: expected inputs and targets, as in {name}=(x, y)")
        found[name] = (np.asarray(samples[0]), np.asarray(samples[1]))
    if found and "training" not in found:
        raise UserError(f"{next(iter(found))} data are given as arrays; give training=(x, y) as well")
    return found


def _columns(folder: RunFolder) -> dict[str, list[float]]:
    """The history by figure; nan where an epoch has no such figure."""
    records = read_records(folder.log / "metrics.jsonl")
    names = dict.fromkeys(name for record in records for name in record)
    return {name: [record.get(name, math.nan) for record in records] for name in names}
