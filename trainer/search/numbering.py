"""Numbers of settings: a trial whose worker died is followed by another of the same setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

MOST_RETRIES = 5  # of a trial whose worker dies
ENDED = "ended"  # says why a trial gave no result, where that is no reason to repeat it
SURPLUS = "surplus"  # marks a trial that was begun when another worker had just begun the last


def setting_numbers(trials: Sequence[FrozenTrial]) -> dict[int, int]:
    """The number of the setting, from 0 on, for the number of each trial; those that are surplus have none."""
    counted = [trial for trial in sorted(trials, key=lambda trial: trial.number) if SURPLUS not in trial.user_attrs]
    numbers: dict[int, int] = {}
    for trial in counted:
        first = trial.system_attrs.get("failed_trial")  # as Optuna marks a trial that repeats another
        numbers[trial.number] = len(set(numbers.values())) if first is None else numbers[first]
    return numbers


def newest_trials(trials: Sequence[FrozenTrial]) -> dict[int, FrozenTrial]:
    """The last trial of each setting."""
    numbers = setting_numbers(trials)
    found = [(numbers[trial.number], trial) for trial in trials if trial.number in numbers]
    return dict(sorted(found, key=lambda pair: (pair[0], pair[1].number)))


def is_interrupted(trial: FrozenTrial) -> bool:
    """True if a trial was cut off, and will be repeated."""
    failed = trial.state.name == "FAIL" and ENDED not in trial.user_attrs
    return failed and len(trial.system_attrs.get("retry_history", ())) < MOST_RETRIES
