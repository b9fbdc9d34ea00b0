"""Pictures of a search's results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from logger.comparison.differences import short_names
from logger.pictures.search.axis import SettingAxis, Tried
from logger.pictures.search.heat_map import draw_heat_map
from logger.pictures.search.history import draw_history
from logger.pictures.search.importance import draw_importance
from logger.pictures.search.parallel import draw_parallel
from trainer.search.domains import Domain, Numbers, Options
from trainer.search.plan import SearchPlan
from trainer.search.results import Result

if TYPE_CHECKING:
    import optuna

_LEAST = 4  # results from which on it can be said what matters


def draw_search(plan: SearchPlan, study: optuna.Study, results: Sequence[Result]) -> None:
    """Draw the pictures that there are enough results for. Raises WriteError."""
    axes = plan.space.axes()
    short = short_names(list(axes))
    tried = [
        Tried(one.setting, one.value, one.state == "done", {short[name]: value for name, value in one.params.items()})
        for one in results
        if one.value is not None
    ]
    done = [one for one in tried if one.done]
    if not done:
        return
    settings = {short[name]: _setting(short[name], domain) for name, domain in axes.items()}
    draw_history(tried, plan.metric, plan.mode, plan.folder / "history.png")
    draw_parallel(tried, list(settings.values()), plan.metric, plan.mode, plan.folder / "parallel.png")
    varied = len({one.value for one in done}) > 1 and len(done) >= _LEAST
    importance = {short[name]: share for name, share in _importance(study).items()} if varied else {}
    if importance:
        draw_importance(importance, plan.metric, plan.folder / "importance.png")
    common = [name for name in settings if sum(name in one.params for one in done) > 1]
    first = sorted(common, key=lambda name: -importance.get(name, 0.0))[:2]
    if len(first) == 2:
        across, up = (settings[name] for name in first)
        draw_heat_map(tried, across, up, plan.metric, plan.mode, plan.folder / "heat_map.png")


def _setting(name: str, domain: Domain) -> SettingAxis:
    if isinstance(domain, Options):
        return SettingAxis(name, [option.label for option in domain.options])
    assert isinstance(domain, Numbers)
    return SettingAxis(name, log=domain.log, stepped=domain.whole or domain.step is not None)


def _importance(study: optuna.Study) -> dict[str, float]:
    """The importance of keys that all settings have; none where they were all the same."""
    from optuna.importance import FanovaImportanceEvaluator, get_param_importances

    try:
        return dict(get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=0)))
    except (RuntimeError, ValueError):
        return {}
