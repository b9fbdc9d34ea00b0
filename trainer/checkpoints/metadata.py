"""Form and ranges of a checkpoint's metadata."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from base.constraints import Range
from base.dataset import Normalize
from base.types import Array
from utils.config.annotations import arguments_of
from utils.config.composites import ObjectOf
from utils.config.messages import Mistake

Count = Annotated[int, Range(ge=0, le=2**48)]  # more than any run can make
Seconds = Annotated[float, Range(ge=0, le=1e10)]  # three centuries


@dataclass(frozen=True, kw_only=True)
class OptimizerMeta:
    """The optimizer's type and number of steps."""

    type: str
    steps: Count


@dataclass(frozen=True, kw_only=True)
class MonitorMeta:
    """The best epoch so far."""

    best: float | None
    best_epoch: Count | None
    stale: Count
    reference: float | None = None

    def __post_init__(self) -> None:
        if (self.best is None) != (self.best_epoch is None):
            raise ValueError("best and best_epoch belong together: both are null, or neither")


@dataclass(frozen=True, kw_only=True)
class ColumnMeta:
    """The coding of a column of a table."""

    name: str
    fill: float | str | None = None
    categories: list[str] | None = None
    one_hot: bool = False


@dataclass(frozen=True, kw_only=True)
class DataMeta:
    """The data of a run: how they are read, and which they were; `ARRAYS` holds the rest."""

    fingerprint: dict[str, Any]
    split: dict[str, Count]
    hash_step: Annotated[int, Range(ge=1, le=2**48)]
    classes: list[str] | None = None
    class_counts: list[Count] | None = None
    columns: list[ColumnMeta] | None = None
    coded_as: dict[str, Any] | None = None
    normalize: Normalize = None
    input_shape: list[Count] | None = None
    dtype: str | None = None
    scale: Annotated[float, Range(gt=0)] | None = None

    def __post_init__(self) -> None:
        if len(self.classes or []) != len(self.class_counts or []):
            raise ValueError("classes and class_counts differ in length")


@dataclass(frozen=True, kw_only=True)
class Meta:
    """The progress of a run."""

    epoch: Count
    step: Count
    monitor: MonitorMeta
    optimizer: OptimizerMeta
    history_lines: Count
    position: Count = 0
    seconds: Seconds = 0.0
    rate_factor: Annotated[float, Range(gt=0, le=1)] = 1.0
    skipped: Count = 0
    log_bytes: Count = 0
    ops: Literal["numpy", "compiled"] = "numpy"
    data: DataMeta | None = None
    imports: dict[str, str] | None = None

    def __post_init__(self) -> None:
        if self.step < self.epoch + self.position:
            raise ValueError(f"{self.step} steps are too few for {self.epoch} epochs and {self.position} steps")
        if self.history_lines > self.epoch:
            raise ValueError(f"a history of {self.history_lines} lines is too long for {self.epoch} epochs")
        if max(self.monitor.best_epoch or 0, self.monitor.stale) > self.epoch:
            raise ValueError(f"the monitor tells of later epochs than the {self.epoch} that are done")


def mistakes_in(meta: dict[str, Any], arrays: dict[str, Array]) -> list[Mistake]:
    """Everything that is wrong with it; the config in it is left to the config's check."""
    mistakes = _about_data_arrays(meta.get("data"), arrays)
    known = {field.name for field in dataclasses.fields(Meta)}
    ObjectOf(Meta, arguments_of).check(_finite({key: meta[key] for key in known & meta.keys()}), "", mistakes)
    for key in ("config", "scheduler"):
        if not isinstance(meta.get(key, {} if key == "scheduler" else None), dict):
            mistakes.append(Mistake(key, "is missing or no object"))
    start = meta.get("start", {})
    if not isinstance(start, dict):
        return [*mistakes, Mistake("start", "is no object")]
    return mistakes + [Mistake(f"start.{own.path}", own.text) for own in (mistakes_in(start, {}) if start else [])]


def fits(state: Any, form: Any) -> bool:
    """True if a state has the form of another: its keys, counts and numbers."""
    if isinstance(form, dict):
        return isinstance(state, dict) and state.keys() == form.keys() and all(fits(state[k], form[k]) for k in form)
    if isinstance(form, int):
        return isinstance(state, int) and not isinstance(state, bool) and 0 <= state < 2**63
    return state is None or (isinstance(state, int | float) and not isinstance(state, bool))


def _about_data_arrays(data: Any, arrays: dict[str, Array]) -> list[Mistake]:
    """Mistakes in the arrays that belong to the data: hashes, and statistics where data are normalized."""
    if not isinstance(data, dict):
        wanted = {}
    else:
        wanted = {"hashes": np.uint64} | (
            {"offset": np.float64, "divisor": np.float64} if data.get("normalize") else {}
        )
    held = {name.removeprefix("data/"): array for name, array in arrays.items() if name.startswith("data/")}
    if held.keys() != wanted.keys():
        return [Mistake("data", f"has the arrays {', '.join(held) or 'none'}; expected {', '.join(wanted) or 'none'}")]
    wrong = [name for name, dtype in wanted.items() if held[name].dtype != dtype or held[name].ndim != 1]
    if "divisor" in held and held["offset"].shape != held["divisor"].shape:
        wrong.append("divisor")
    return [Mistake(f"data.{name}", f"is {held[name].dtype} of shape {held[name].shape}") for name in wrong]


def _finite(meta: dict[str, Any]) -> dict[str, Any]:
    """With infinite figures of the monitor, which a metric may give, as the largest that a config could hold."""
    monitor = meta.get("monitor")
    if not isinstance(monitor, dict):
        return meta
    infinite = {key: held for key, held in monitor.items() if isinstance(held, float) and math.isinf(held)}
    return meta | {"monitor": monitor | {key: math.copysign(1.7e308, held) for key, held in infinite.items()}}
