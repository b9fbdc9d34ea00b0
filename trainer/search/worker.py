"""A process that trains one trial after the other."""

from __future__ import annotations

import time
import warnings
from argparse import Namespace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from base.errors import UserError
from base.stop import Stop
from trainer.search.numbering import is_interrupted, newest_trials
from trainer.search.objective import Objective, SurplusError
from trainer.search.plan import SearchPlan, plan_search
from trainer.search.storage import DEAD_AFTER
from trainer.search.study import open_study
from trainer.search.worker_pool import read_storage, stop_with_input
from utils.cores import cores
from utils.stop_signals import stopping_by_signals

if TYPE_CHECKING:
    import optuna

_PAUSE_SECONDS = 0.5


class Worker:
    """Takes trials until there are no more, time is up, or it is told to stop."""

    def __init__(self, plan: SearchPlan, study: optuna.Study, threads: int, stop: Stop) -> None:
        self.plan = plan
        self.study = study
        self.stop = stop
        self.objective = Objective(plan, study, threads, stop)
        self._until = time.monotonic() + 60 * plan.settings.minutes if plan.settings.minutes else None

    def work(self) -> None:
        """Raises KeyboardInterrupt where it is told to stop; the trial then waits to be continued."""
        self.stop.raise_if_requested()
        while (move := self._next_move()) != "end":
            if move == "begin":
                self._run_trial()
            else:
                self._adopt()
                time.sleep(_PAUSE_SECONDS)
            self.stop.raise_if_requested()

    def _next_move(self) -> Literal["begin", "wait", "end"]:
        if self._until is not None and time.monotonic() >= self._until:
            return "end"
        newest = newest_trials(self.study.get_trials(deepcopy=False))
        states = {trial.state.name for trial in newest.values()}
        if self.plan.limit is None or len(newest) < self.plan.limit or "WAITING" in states:
            return "begin"
        return "wait" if "RUNNING" in states or any(map(is_interrupted, newest.values())) else "end"

    def _run_trial(self) -> None:
        self.objective.number = None
        try:
            self.study.optimize(self.objective, n_trials=1, catch=(UserError, MemoryError, SurplusError))
        except BaseException:
            if not self._was_given_away():
                self._give_back()
                raise
            self.stop.raise_if_requested()

    def _was_given_away(self) -> bool:
        """True if others took this process for dead, as happens when a machine sleeps, and repeat its trial."""
        trials = self.study.get_trials(deepcopy=False)
        return any(self.objective.number in trial.system_attrs.get("retry_history", ()) for trial in trials)

    def _give_back(self) -> None:
        """Let the trial be continued by whoever comes next."""
        if self.objective.number is not None:
            trial = self.study.trials[self.objective.number]
            if trial.state.name == "FAIL":
                _repeat(self.study, trial)

    def _adopt(self) -> None:
        """Let trials of dead workers be repeated."""
        import optuna

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            optuna.storages.fail_stale_trials(self.study)
        for trial in newest_trials(self.study.get_trials(deepcopy=True)).values():
            unheard = trial.state.name == "RUNNING" and "runs" not in trial.user_attrs
            if unheard and self._is_old(trial.datetime_start):
                self._fail(trial)
            elif is_interrupted(trial) and self._is_old(trial.datetime_complete):
                _repeat(self.study, trial)

    def _is_old(self, time: datetime | None) -> bool:
        """True if that is longer ago than any worker would take to report."""
        seconds = 2 * DEAD_AFTER * self.plan.settings.heartbeat
        return time is not None and datetime.now() - time > timedelta(seconds=seconds)

    def _fail(self, trial: optuna.trial.FrozenTrial) -> None:
        """Repeat a trial whose worker died before its first heartbeat, which Optuna would wait for for ever."""
        from optuna.trial import TrialState

        try:
            self.study.tell(trial.number, state=TrialState.FAIL)
        except ValueError:  # another worker was faster
            return
        _repeat(self.study, trial)


def _repeat(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
    from optuna.storages import RetryHeartbeatStaleTrialCallback

    RetryHeartbeatStaleTrialCallback()(study, trial)


def worker_main(args: Namespace) -> None:
    """Be one of the processes that a search has started."""
    stop = Stop()
    with stopping_by_signals(stop):
        storage = read_storage()
        stop_with_input()
        plan = plan_search(args.config, args.search, args.overrides)
        threads = max(1, cores() // plan.settings.workers)
        with open_study(plan, storage) as study:
            Worker(plan, study, threads, stop).work()
