"""The head of a page: the run, its progress, and commands to go on with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.base_trainer import Record
from logger.console import duration, shape_text
from logger.figures import figure_text
from logger.report.config_lines import chosen_arguments
from logger.run_files import RunFiles
from logger.summary import Summary
from utils.config.listing import ConfigEntry
from utils.config.messages import cut, shown
from utils.memory import size_text

Row = tuple[str, str]
_LONGEST, _MOST_COMMANDS = 300, 20
_PARTS = {"loss": "loss", "optimizer": "optimizer", "schedule": "lr_scheduler", "penalty": "regularizer"}


@dataclass(frozen=True)
class Tile:
    """A figure that matters: what it is, its value, and what else to know about it."""

    label: str
    value: str
    note: str = ""


def tiles(files: RunFiles) -> list[Tile]:
    """The figures to see first."""
    summary = files.summary
    found = [*(_best(summary) if summary else ()), *_tested(files), *(_epochs(summary) if summary else ())]
    if files.records:
        found += _times(files)
    if summary:
        layers = sum(layer.parameters > 0 for layer in summary.layers)
        found.append(Tile("parameters", f"{parameters(summary):,}", f"in {layers} layers"))
    if summary and summary.memory:
        found.append(Tile("memory", size_text(summary.memory), "the most of one process"))
    return found


def description(files: RunFiles, settings: Sequence[ConfigEntry]) -> list[Row]:
    """Network, data and training, in a few words each."""
    named = {one.path: one for one in settings if one.kind == "component"}
    rows = [("network", _component(named, settings, "arch"))]
    if files.summary:
        rows.append(("data", _data(files.summary, named)))
    rows += [(name, _component(named, settings, key)) for name, key in _PARTS.items()]
    changes = [path for path in named if re.fullmatch(r"augmentation\.\d+", path)]
    rows.append(("augmentation", cut(", ".join(_component(named, settings, path) for path in changes), _LONGEST)))
    seed = files.config.get("seed")
    return [row for row in [*rows, ("seed", "" if seed is None else str(seed))] if row[1]]


def digests(files: RunFiles) -> list[Row]:
    """The digest of the weights in each checkpoint."""
    return [] if files.summary is None else list(files.summary.digests.items())


def commands(files: RunFiles) -> list[Row]:
    """Commands for the run."""
    models, summary = short_path(files.models), files.summary
    rows: list[Row] = []
    tested = next((models / name for name in ("best.npz", "last.npz") if (files.models / name).is_file()), None)
    if tested:
        rows.append(("test it", _line("python", "test.py", "-r", tested)))
    if tested and summary and summary.state != "stopped early":
        more = ("--epochs", 2 * summary.epochs) if summary.state == "done" else ()
        why = {"running": "continue it, should it be killed", "done": "train for longer"}
        rows.append((why.get(summary.state, "continue it"), _line("python", "train.py", "-r", models, *more)))
    return [*rows, ("refresh this page", _line("python", "-m", "tools.report", short_path(files.log)))]


def surroundings(environment: Mapping[str, Any]) -> list[Row]:
    """The machine and the versions that the run used."""
    rows = [(name, _flat(environment[name])) for name in environment if name not in ("command", "continued")]
    return [(name, cut(text, _LONGEST)) for name, text in rows]


def history(environment: Mapping[str, Any]) -> list[Row]:
    """The times and commands of the run's start and continuations; of very many the last."""
    continued = environment.get("continued")
    starts = [environment, *(one for one in continued or [] if isinstance(one, Mapping))]
    known = [one for one in starts if "command" in one][-_MOST_COMMANDS:]
    return [(str(one.get("started", "")), cut(f"python {one['command']}", _LONGEST)) for one in known]


def short_path(path: Path) -> Path:
    """The path as it is typed from the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def parameters(summary: Summary) -> int:
    """The number of trained parameters."""
    return sum(layer.parameters for layer in summary.layers)


def seconds_left(files: RunFiles) -> float | None:
    """Remaining seconds of a run, going by its last epochs; None where that is not known."""
    summary, recent = files.summary, files.records[-5:]
    if summary is None or summary.state != "running" or not recent:
        return None
    left = summary.epochs - summary.epoch
    return None if left <= 0 else left * sum(map(_seconds, recent)) / len(recent)


def _seconds(record: Record) -> float:
    return record.get("seconds", 0.0)


def _best(summary: Summary) -> Iterator[Tile]:
    if summary.best:
        yield Tile(f"best {summary.figure}", figure_text(summary.best.value), f"epoch {summary.best.epoch}")


def _tested(files: RunFiles) -> Iterator[Tile]:
    test = files.test
    names = ("accuracy", *(name for name in test if name != "loss"), "loss")
    values = {name: test[name] for name in names if type(test.get(name)) is float}
    for name, value in list(values.items())[:1]:
        low_high = test.get("accuracy_interval") if name == "accuracy" else None
        note = f"95 % interval {low_high[0]:.4f} to {low_high[1]:.4f}" if low_high else "on the test data"
        yield Tile(
            f"test {name}", figure_text(value), f"{', '.join(files.tested)}: {note}" if files.tested[0] else note
        )


def _epochs(summary: Summary) -> Iterator[Tile]:
    yield Tile("epochs", f"{summary.epoch} of {summary.epochs}", f"of {summary.steps_per_epoch:,} steps each")


def _times(files: RunFiles) -> Iterator[Tile]:
    yield Tile("time", duration(files.seconds or 0.0), "with files and pictures")
    yield Tile("an epoch", duration(files.training_seconds / max(1, len(files.records))), "training and validation")


def _data(summary: Summary, named: Mapping[str, ConfigEntry]) -> str:
    loader = f"{named['data_loader'].value}: " if "data_loader" in named else ""
    sizes = ", ".join(f"{count:,} {part}" for part, count in summary.samples.items())
    classes = "" if summary.classes is None else f", {len(summary.classes)} classes"
    return f"{loader}{sizes} samples of {shape_text(summary.input_shape)}{classes}"


def _component(named: Mapping[str, ConfigEntry], settings: Sequence[ConfigEntry], path: str) -> str:
    """A component by its type and what was chosen for it; nothing where there is none."""
    if path not in named:
        return ""
    arguments = chosen_arguments(settings, path)
    return cut(f"{named[path].value} ({arguments})" if arguments else str(named[path].value), _LONGEST)


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items())
    return value if isinstance(value, str) else shown(value)


def _line(*words: object) -> str:
    return shlex.join(map(str, words))
