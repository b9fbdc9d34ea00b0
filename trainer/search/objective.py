"""The objective that Optuna optimises: the mean result of a setting over its seeds."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any

from base.errors import NonFiniteError, UserError
from base.stop import Stop
from trainer.search.numbering import ENDED, SURPLUS, setting_numbers
from trainer.search.plan import SearchPlan
from trainer.search.trial_report import TrialReport
from trainer.search.trial_run import find_run

if TYPE_CHECKING:
    import optuna


class SurplusError(Exception):
    """Another worker has begun the last trial."""


class Objective:
    """Trains a trial's runs in this process. `number` is that of the last trial begun, as Optuna counts."""

    def __init__(self, plan: SearchPlan, study: optuna.Study, threads: int, stop: Stop) -> None:
        self.plan = plan
        self.study = study
        self.threads = threads
        self.stop = stop
        self.number: int | None = None

    def __call__(self, trial: optuna.Trial) -> float:
        self.number = trial.number
        setting = setting_numbers(self.study.get_trials(deepcopy=False))[trial.number]
        if self.plan.limit is not None and setting >= self.plan.limit:
            trial.set_user_attr(SURPLUS, True)
            raise SurplusError
        return self._train(trial, setting)

    def _train(self, trial: optuna.Trial, setting: int) -> float:
        import optuna

        values = self.plan.space.suggest(trial)
        try:
            results = self._results(trial, setting, values)
        except NonFiniteError as error:
            trial.set_user_attr(ENDED, "diverged")
            raise optuna.TrialPruned from error
        except (UserError, MemoryError) as error:
            trial.set_user_attr(ENDED, f"failed: {error or 'out of memory'}")
            raise
        trial.set_user_attr("results", results)
        return fmean(results)

    def _results(self, trial: optuna.Trial, setting: int, values: dict[str, Any]) -> list[float]:
        results: list[float] = []
        runs: list[str] = []
        for seed in self.plan.seeds:
            config = self.plan.trial(values, seed, self.threads)
            run = find_run(config, f"{self.plan.settings.name}-{setting:04d}-s{seed}")
            runs.append(run.folder.run_id)
            trial.set_user_attr("runs", runs)
            epochs, last = config.resolved["trainer"]["epochs"], seed == self.plan.seeds[-1]
            results.append(run.result(TrialReport(trial, self.plan.metric, results, epochs, last), self.stop))
        return results
