"""What a page begins with: what the run is, how far it has come, and what to do with it."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logger.console import duration, shape_text
from logger.figures import figure_text
from logger.run_files import RunFiles
from logger.summary import Summary
from utils.config.words import cut, shown

Row = tuple[str, str]
_LONGEST, _MOST_COMMANDS = 300, 20


@dataclass(frozen=True)
class Tile:
    """A figure that matters: what it is, its value, and what else to know about it."""

    label: str
    value: str
    note: str = ""


def tiles(files: RunFiles) -> list[Tile]:
    """The figures to see first."""
    summary = files.summary
    found = [*(_best(summary) if summary else ()), *_tested(files.test), *(_epochs(summary) if summary else ())]
    if files.records:
        found.append(_time(files))
    if summary:
        layers = sum(layer.parameters > 0 for layer in summary.layers)
        found.append(Tile("parameters", f"{parameters(summary):,}", f"in {layers} layers"))
    return found


def description(files: RunFiles) -> list[Row]:
    """What is trained on what, and how, in a few words each."""
    config, summary = files.config, files.summary
    rows = [("network", _component(config.get("arch")))]
    if summary:
        rows.append(("data", _data(summary, config)))
    for name, key in (
        ("loss", "loss"), ("optimizer", "optimizer"), ("schedule", "lr_scheduler"), ("penalty", "regularizer"),
        ("augmentation", "augmentation"),
    ):  # fmt: skip
        rows.append((name, _component(config.get(key))))
    return [*[row for row in rows if row[1]], *([("seed", str(config["seed"]))] if "seed" in config else [])]


def commands(files: RunFiles) -> list[Row]:
    """What can be done with the run."""
    models, summary = _relative(files.models), files.summary
    rows: list[Row] = []
    tested = next((models / name for name in ("best.npz", "last.npz") if (files.models / name).is_file()), None)
    if tested:
        rows.append(("test it", _line("python", "test.py", "-r", tested)))
    if tested and summary and summary.state != "stopped early":
        more = ("--epochs", 2 * summary.epochs) if summary.state == "done" else ()
        why = {"running": "continue it, should it be killed", "done": "train for longer"}
        rows.append((why.get(summary.state, "continue it"), _line("python", "train.py", "-r", models, *more)))
    return [*rows, ("make this page again", _line("python", "-m", "utils.report", _relative(files.log)))]


def surroundings(environment: Mapping[str, Any]) -> list[Row]:
    """What the run ran on."""
    rows = [(name, _flat(environment[name])) for name in environment if name not in ("command", "continued")]
    return [(name, cut(text, _LONGEST)) for name, text in rows]


def history(environment: Mapping[str, Any]) -> list[Row]:
    """When the run was started and continued, and with which commands; of very many the last."""
    continued = environment.get("continued")
    starts = [environment, *(one for one in continued or [] if isinstance(one, Mapping))]
    rows = [(str(one.get("started", "")), cut(str(one["command"]), _LONGEST)) for one in starts if "command" in one]
    return rows[-_MOST_COMMANDS:]


def parameters(summary: Summary) -> int:
    """How many numbers are trained."""
    return sum(layer.parameters for layer in summary.layers)


def seconds_left(files: RunFiles) -> float | None:
    """How much longer a running run will take, going by its last epochs; None where that is not known."""
    summary, recent = files.summary, files.records[-5:]
    if summary is None or summary.state != "running" or not recent:
        return None
    left = summary.epochs - summary.epoch
    return left * sum(record["seconds"] for record in recent) / len(recent)


def _best(summary: Summary) -> Iterator[Tile]:
    if summary.best:
        yield Tile(f"best {summary.figure}", figure_text(summary.best.value), f"epoch {summary.best.epoch}")


def _tested(test: Mapping[str, Any]) -> Iterator[Tile]:
    names = ("accuracy", *(name for name in test if name != "loss"), "loss")
    values = {name: test[name] for name in names if type(test.get(name)) is float}
    for name, value in list(values.items())[:1]:
        low_high = test.get("accuracy_interval") if name == "accuracy" else None
        note = f"95 % interval {low_high[0]:.4f} to {low_high[1]:.4f}" if low_high else "on the test data"
        yield Tile(f"test {name}", figure_text(value), note)


def _epochs(summary: Summary) -> Iterator[Tile]:
    yield Tile("epochs", f"{summary.epoch} of {summary.epochs}", f"of {summary.steps_per_epoch:,} steps each")


def _time(files: RunFiles) -> Tile:
    seconds = [record["seconds"] for record in files.records if math.isfinite(record["seconds"])]
    return Tile("time", duration(sum(seconds)), f"{duration(sum(seconds) / max(1, len(seconds)))} an epoch")


def _data(summary: Summary, config: Mapping[str, Any]) -> str:
    sizes = ", ".join(f"{count:,} {part}" for part, count in summary.samples.items())
    classes = "" if summary.classes is None else f", {len(summary.classes)} classes"
    loader = _component(config.get("data_loader")).partition(" (")[0]
    return f"{loader}: {sizes} samples of {shape_text(summary.input_shape)}{classes}".removeprefix(": ")


def _component(spec: object) -> str:
    """A component in a few words: its type, and its arguments that are plain."""
    if isinstance(spec, list):
        return ", ".join(filter(None, map(_component, spec)))
    if not isinstance(spec, Mapping):
        return str(spec) if spec else ""
    args = spec.get("args") or {}
    plain = {name: value for name, value in args.items() if isinstance(value, int | float) and value is not True}
    named = ", ".join(f"{name} {value}" for name, value in list(plain.items())[:3] if value)
    sizes = args.get("layer_sizes")
    named = " - ".join(map(str, sizes)) if isinstance(sizes, list) else named
    return cut(f"{spec.get('type')} ({named})" if named else str(spec.get("type")), _LONGEST)


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items())
    return value if isinstance(value, str) else shown(value)


def _relative(path: Path) -> Path:
    """The path as it is typed from the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _line(*words: object) -> str:
    return shlex.join(map(str, words))
