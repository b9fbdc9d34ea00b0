"""Samplers and pruners become Optuna's, with the arguments that the file gives."""

import pytest

from base.base_pruner import BasePruner
from base.base_sampler import BaseSampler
from tests.cases import pruners, samplers
from tests.cases.case import Case
from trainer.search.optuna_import import quiet_optuna


@pytest.mark.parametrize("case", pruners.CASES, ids=str)
def test_a_pruner_is_optunas_with_these_arguments(case: Case) -> None:
    quiet_optuna()
    built: BasePruner = case.built(BasePruner)
    made = built.make(9)
    assert type(made).__name__ == case.kind
    kept = {key.lstrip("_"): value for key, value in vars(made).items()}
    assert {key: kept[key] for key in case.args if key in kept} == {k: v for k, v in case.args.items() if k in kept}
    assert set(case.args) & set(kept)


@pytest.mark.parametrize("case", samplers.CASES, ids=str)
def test_a_sampler_for_a_setting_is_made_anew_and_draws_by_the_settings_number(case: Case) -> None:
    quiet_optuna()
    import optuna

    built: BaseSampler = case.built(BaseSampler)
    grid = [{"x": float(number)} for number in range(20)]
    drawn = [_first(optuna.create_study(sampler=built.make(number, grid))) for number in (0, 1, 0)]
    assert drawn[0] == drawn[2] != drawn[1]


def _first(study: object) -> float:
    trial = study.ask()  # type: ignore[attr-defined]
    return float(trial.suggest_float("x", 0, 30))
