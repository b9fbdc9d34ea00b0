"""The results of a search, in the order of its settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import TYPE_CHECKING, Any, Literal

from trainer.search.domains import on_step
from trainer.search.numbering import ENDED, MOST_RETRIES, is_interrupted, newest_trials

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

State = Literal["done", "pruned", "diverged", "failed"]


@dataclass(frozen=True)
class Result:
    """A finished setting: the mean of its results or, if it was pruned, the last figure reported."""

    setting: int
    trial: int
    state: State
    value: float | None
    results: list[float]
    runs: list[str]
    seconds: float
    params: dict[str, Any]
    message: str

    @property
    def deviation(self) -> float | None:
        """The standard deviation over seeds; None where there is only one."""
        return stdev(self.results) if len(self.results) > 1 else None


def results_of(trials: Sequence[FrozenTrial]) -> list[Result]:
    """A result for each setting whose newest trial has ended."""
    newest = newest_trials(trials).items()
    return [_result(number, one) for number, one in newest if one.state.is_finished() and not is_interrupted(one)]


def best_of(results: Sequence[Result], mode: str) -> Result | None:
    """The best setting that was not pruned; of ties, the first."""
    done = [result for result in results if result.state == "done" and result.value is not None]
    sign = 1 if mode == "max" else -1
    return max(done, key=lambda result: sign * (result.value or 0.0), default=None)


def _result(number: int, trial: FrozenTrial) -> Result:
    ended = str(trial.user_attrs.get(ENDED, ""))
    value = trial.values[0] if trial.values else None
    return Result(
        setting=number,
        trial=trial.number,
        state=_state(trial, ended),
        value=value if value is not None and math.isfinite(value) else None,
        results=list(trial.user_attrs.get("results", ())),
        runs=list(trial.user_attrs.get("runs", ())),
        seconds=trial.duration.total_seconds() if trial.duration else 0.0,
        params={name: _on_step(value, trial.distributions[name]) for name, value in trial.params.items()},
        message=_message(trial, ended),
    )


def _on_step(value: Any, distribution: BaseDistribution) -> Any:
    return on_step(value) if isinstance(value, float) and getattr(distribution, "step", None) else value


def _message(trial: FrozenTrial, ended: str) -> str:
    if trial.state.name == "FAIL" and not ended:
        return f"its process was killed {MOST_RETRIES + 1} times"
    return ended.removeprefix("failed: ") if ended != "diverged" else ""


def _state(trial: FrozenTrial, ended: str) -> State:
    if trial.state.name == "COMPLETE":
        return "done"
    if trial.state.name == "PRUNED":
        return "diverged" if ended == "diverged" else "pruned"
    return "failed"
