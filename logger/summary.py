"""The state of a run, for other programs and for pages."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from base.types import Shape
from utils.config.annotations import arguments_of
from utils.config.composites import ObjectOf
from utils.files import read_object, replace_text

FILE = "summary.json"
State = Literal["running", "done", "stopped early", "stopped", "pruned"]
NETWORK_INPUT, NETWORK_OUTPUT = "input", "output"


@dataclass(frozen=True)
class LayerSummary:
    """A layer by its path: type, shape of the output for one sample, number of its own parameters."""

    name: str
    type: str
    output_shape: Shape
    parameters: int


@dataclass(frozen=True)
class FlowStep:
    """A step of a forward pass: the call of a layer, by its path, or an operation that joins several results.

    `inputs` are the names of earlier steps, or "input"; the last step is "output". `guessed` says that a module
    computes its input in a way that could not be followed, and the step before is taken for it.
    """

    name: str
    layer: str
    operation: str
    inputs: list[str]
    guessed: bool = False


@dataclass(frozen=True)
class Best:
    """The best epoch so far, and the value of `figure` there."""

    epoch: int
    value: float


@dataclass(frozen=True)
class Summary:
    """A run: `epoch` counts those done of `epochs`, `mode` ("min", "max" or "off") and `figure` say which is best.

    `finished` says that nothing is left to train: all epochs are done, or patience has run out. `digests` are those of
    the weights in the "last" and the "best" checkpoint, once the run has ended. `seconds` is how long one waited for
    it, files and pictures and earlier processes included, and `made` names the pictures and other files of its end;
    both are null while they are not known. `flow` is what goes from layer to layer, empty where that is not known, and
    `memory` the bytes that the process, or if that is more one of its workers, has had at most.
    """

    name: str
    run_id: str
    state: State
    epoch: int
    epochs: int
    steps_per_epoch: int
    mode: str
    figure: str
    best: Best | None
    samples: dict[str, int]
    input_shape: Shape
    classes: list[str] | None
    layers: list[LayerSummary]
    digests: dict[str, str] = field(default_factory=dict)
    finished: bool = False
    seconds: float | None = None
    made: list[str] | None = field(default_factory=list)
    flow: list[FlowStep] = field(default_factory=list)
    memory: int | None = None

    def write(self, folder: Path, flush: bool = True) -> None:
        """Write `summary.json`. Raises WriteError."""
        replace_text(folder / FILE, json.dumps(asdict(self), indent=2) + "\n", flush=flush)


def read_summary(folder: Path) -> Summary | None:
    """The summary in a run's log folder; None where there is no such file, or none of this form."""
    held = read_object(folder / FILE)
    best = held.get("best")
    value = best.get("value") if isinstance(best, dict) else None
    known = held | {"best": best | {"value": 0.0}} if isinstance(best, dict) and isinstance(value, float) else held
    valid = ObjectOf(Summary, arguments_of).check(known, "", [])
    if valid is None:
        return None
    summary: Summary = valid.build()
    return replace(summary, best=Best(summary.best.epoch, value)) if summary.best and value is not None else summary


def update_summary(folder: Path, **changes: Any) -> None:
    """Write the summary in a run's log folder again with other fields, if there is one. Raises WriteError."""
    summary = read_summary(folder)
    if summary is not None:
        replace(summary, **changes).write(folder)
