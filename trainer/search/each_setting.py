"""A sampler for each setting, made when its trial begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, PartialFixedSampler, RandomSampler
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from trainer.search.numbering import setting_numbers
from trainer.search.plan import SearchPlan


class EachSetting(BaseSampler):
    """Asks the sampler that the plan's makes for the number of the setting, after the first where that is given."""

    def __init__(self, study: Study, plan: SearchPlan) -> None:
        self._study = study  # the whole of it: Hyperband shows samplers only a part
        self._plan = plan
        self._grid = [point for point in plan.points() or [] if point != plan.first]
        self._inner: BaseSampler = RandomSampler()

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        number = setting_numbers(self._study.get_trials(deepcopy=False))[trial.number]
        limit = self._plan.limit
        if limit is None or number < limit:
            self._inner = self._sampler(number)
        self._inner.before_trial(study, trial)

    def _sampler(self, number: int) -> BaseSampler:
        first, chosen = self._plan.first, self._plan.settings.sampler
        if first is None:
            return chosen.make(number, self._grid)
        return PartialFixedSampler(first, RandomSampler()) if number == 0 else chosen.make(number - 1, self._grid)

    def after_trial(self, study: Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None) -> None:
        self._inner.after_trial(study, trial, state, values)

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        return self._inner.infer_relative_search_space(study, trial)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        return self._inner.sample_relative(study, trial, search_space)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        return self._inner.sample_independent(study, trial, param_name, param_distribution)
