"""The state of a run, for other programs and for pages."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from base.types import Shape
from utils.files import replace_text

FILE = "summary.json"
State = Literal["running", "done", "stopped early", "stopped", "pruned"]


@dataclass(frozen=True)
class LayerSummary:
    """A layer by its path: type, shape of the output for one sample, number of its own parameters."""

    name: str
    type: str
    output_shape: Shape
    parameters: int


@dataclass(frozen=True)
class Best:
    """The best epoch so far, and the value of `figure` there."""

    epoch: int
    value: float


@dataclass(frozen=True)
class Summary:
    """A run: `epoch` counts those done of `epochs`, `mode` ("min", "max" or "off") and `figure` say which is best.

    `finished` says that nothing is left to train: all epochs are done, or patience has run out. `digests` are those of
    the weights in the "last" and the "best" checkpoint, once the run has ended.
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

    def write(self, folder: Path) -> None:
        """Write `summary.json`. Raises WriteError."""
        replace_text(folder / FILE, json.dumps(asdict(self), indent=2) + "\n")


def read_summary(folder: Path) -> Summary | None:
    """The summary in a run's log folder; None where there is no such file, or none of this form."""
    try:
        held: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        layers = [LayerSummary(**{**layer, "output_shape": tuple(layer["output_shape"])}) for layer in held["layers"]]
        best = Best(**held["best"]) if held["best"] else None
        shape = tuple(held["input_shape"])
        return Summary(**{**held, "layers": layers, "best": best, "input_shape": shape})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
