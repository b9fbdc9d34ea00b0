"""What a worker makes of settings; in this process, one worker at a time."""

import json
import shutil
import signal
from pathlib import Path

import optuna
import pytest

from base.base_trainer import BaseTrainer
from base.errors import UserError
from base.stop import Stop
from tests.running import Config
from tests.trainer.search.searching import planned, searched
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.checkpoints.run_folder import RunFolder
from trainer.search.numbering import MOST_RETRIES
from trainer.search.results import best_of, results_of
from trainer.search.study import definition, open_study
from trainer.search.trial_report import TrialReport
from trainer.search.worker import Worker

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

LR = "optimizer.args.lr"
SEED_OF_ORDER = 0  # of a grid of two points that keeps their order


def test_each_setting_is_trained_once_and_its_result_is_the_best_epoch(config: Config) -> None:
    results = searched(config, overrides={"trainer.epochs": 3})
    assert [result.setting for result in results] == [0, 1, 2]
    assert {result.state for result in results} == {"done"}
    for result in results:
        (run,) = result.runs
        assert run == f"small-{result.setting:04d}-s5"
        lines = (RunFolder(Path("saved"), "tiny", run).log / "metrics.jsonl").read_text().splitlines()
        assert result.value == min(json.loads(line)["val_loss"] for line in lines)
        assert len(lines) == 3


def test_with_several_seeds_the_result_is_their_mean(config: Config) -> None:
    (result,) = searched(config, trials=1, seeds=[1, 2, 3])
    assert len(result.results) == len(set(result.results)) == 3
    assert result.value == pytest.approx(sum(result.results) / 3)
    assert result.deviation is not None
    assert result.runs == ["small-0000-s1", "small-0000-s2", "small-0000-s3"]


def test_a_grid_is_searched_point_by_point(config: Config) -> None:
    space = {LR: [0.1, 0.2], "data_loader.args.batch_size": {"low": 30, "high": 50, "step": 10}}
    results = searched(config, space=space, sampler="GridSampler", trials=None)
    assert len({tuple(result.params.values()) for result in results}) == len(results) == 6


@pytest.mark.parametrize("sampler", ["GridSampler", "RandomSampler", "TPESampler"])
def test_the_configs_own_setting_comes_first_and_the_samplers_after_it(config: Config, sampler: str) -> None:
    space = {LR: [0.3, 0.1, 0.2], "optimizer.args.momentum": [0.5, 0.9]}
    trials = 6 if sampler == "GridSampler" else 3
    results = searched(config, space=space, sampler=sampler, trials=trials, first="config")
    assert [result.state for result in results] == ["done"] * trials
    assert results[0].params == {LR: 0.1, "optimizer.args.momentum": 0.9}
    if sampler == "GridSampler":
        assert len({tuple(result.params.values()) for result in results}) == 6
    else:
        others = searched(config, name="plain", space=space, sampler=sampler, trials=2)
        assert [result.params for result in others] == [result.params for result in results[1:]]


def test_a_study_from_before_a_first_setting_could_be_asked_for_goes_on(config: Config) -> None:
    plan = planned(config)
    assert "first" not in definition(plan)["search"]
    assert definition(planned(config, first="config", space={LR: [0.1]}))["search"]["first"] == "config"


def test_numbers_at_steps_are_shown_as_they_are_trained_with(config: Config) -> None:
    space = {"arch.args.dropout": {"low": 0, "high": 0.7, "step": 0.1}}
    results = searched(config, space=space, sampler="GridSampler", trials=None)
    assert sorted(result.params["arch.args.dropout"] for result in results) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


@pytest.mark.parametrize("sampler", ["RandomSampler", {"type": "TPESampler", "args": {"n_startup_trials": 2}}], ids=str)
def test_settings_are_the_same_whether_or_not_the_search_was_stopped(
    config: Config, sampler: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = searched(config, trials=4, sampler=sampler)
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    searched(config, trials=1, sampler=sampler)
    searched(config, trials=3, sampler=sampler)
    parts = searched(config, trials=4, sampler=sampler)
    assert [result.params for result in parts] == [result.params for result in whole]
    assert [result.value for result in parts] == [result.value for result in whole]


def test_a_setting_that_does_badly_is_pruned_and_its_files_are_whole(config: Config) -> None:
    pruner = {"type": "MedianPruner", "args": {"n_startup_trials": 1}}
    sampler = {"type": "GridSampler", "args": {"seed": SEED_OF_ORDER}}
    space, overrides = {LR: [0.1, 1e-6]}, {"trainer.epochs": 4}
    first, second = searched(config, space=space, sampler=sampler, trials=None, pruner=pruner, overrides=overrides)
    assert (first.state, second.state) == ("done", "pruned")
    assert best_of([first, second], "min") is first
    folder = RunFolder(Path("saved"), "tiny", second.runs[0])
    assert len((folder.log / "metrics.jsonl").read_text().splitlines()) == 1
    assert "pruned after epoch 1" in (folder.log / "run.log").read_text()
    assert json.loads((folder.log / "summary.json").read_text())["state"] == "pruned"
    assert load_checkpoint(folder.last).meta["epoch"] == load_checkpoint(folder.best).meta["epoch"] == 1


def test_with_several_seeds_pruning_goes_by_one_sequence_of_epochs_and_spares_the_other_seeds(config: Config) -> None:
    plan = planned(
        config, space={LR: [0.1, 1e-6]}, sampler={"type": "GridSampler", "args": {"seed": SEED_OF_ORDER}}, trials=None,
        pruner={"type": "MedianPruner", "args": {"n_startup_trials": 1}}, overrides={"trainer.epochs": 2}, seeds=[1, 2],
    )  # fmt: skip
    with open_study(plan, None) as study:
        Worker(plan, study, 1, Stop()).work()
        first, second = results_of(study.trials)
        assert (first.state, second.state) == ("done", "pruned")
        assert [list(trial.intermediate_values) for trial in study.trials] == [[1, 2, 3, 4], [1]]
        assert second.runs == ["small-0001-s1"]
        after = study.trials[0].intermediate_values[3]
        (line, *_) = (RunFolder(Path("saved"), "tiny", first.runs[1]).log / "metrics.jsonl").read_text().splitlines()
        assert after == pytest.approx((first.results[0] + json.loads(line)["val_loss"]) / 2)


@pytest.mark.parametrize("pruner", ["SuccessiveHalvingPruner", "HyperbandPruner"])
def test_pruners_that_compare_rungs_prune_some_and_not_all(config: Config, pruner: str) -> None:
    results = searched(config, pruner=pruner, trials=6, overrides={"trainer.epochs": 4}, sampler="TPESampler")
    assert [result.setting for result in results] == list(range(6))
    assert {result.state for result in results} == {"done", "pruned"}


def test_a_setting_that_diverges_is_no_result_but_the_others_are(config: Config) -> None:
    results = searched(config, space={LR: [0.1, 1e30]}, sampler="GridSampler", trials=None)
    assert sorted(result.state for result in results) == ["diverged", "done"]
    best = best_of(results, "min")
    assert best is not None
    assert best.params[LR] == 0.1


def test_a_setting_whose_parts_do_not_fit_fails_with_its_reason(config: Config) -> None:
    results = searched(
        config, space={"arch.args.layer_sizes": [[784, 10], [784, 7]]}, sampler="GridSampler", trials=None
    )
    (failed,) = [result for result in results if result.state == "failed"]
    assert "arch and loss" in failed.message
    assert failed.value is None


def test_a_search_that_changed_is_refused_with_what_differs(config: Config) -> None:
    searched(config, trials=1)
    with pytest.raises(UserError) as caught:
        searched(config, trials=1, space={LR: [0.01, 0.5]}, workers=3)
    assert "search.space.optimizer.args.lr: was [0.01, 0.1, 0.3], is [0.01, 0.5]" in str(caught.value)
    assert "give the search another name" in str(caught.value)
    config["arch"]["args"]["layer_sizes"] = [784, 10]
    with pytest.raises(UserError, match=r"config\.arch\.args\.layer_sizes: was"):
        searched(config, trials=1)


def test_a_stopped_trial_is_continued_where_it_stopped(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    overrides = {"trainer.epochs": 4}
    whole = searched(config, name="whole", trials=1, overrides=overrides)
    plan = planned(config, trials=1, overrides=overrides)
    with open_study(plan, None) as study:
        stop = Stop()
        with monkeypatch.context() as patch:
            patch.setattr(TrialReport, "on_epoch_end", lambda report, trainer, record: stop_after(2, stop, trainer))
            with pytest.raises(KeyboardInterrupt):
                Worker(plan, study, 1, stop).work()
        assert results_of(study.trials) == []
        Worker(plan, study, 1, Stop()).work()
        (result,) = results_of(study.trials)
        assert result.runs == ["small-0000-s5"]
        assert result.value == whole[0].value
        log = RunFolder(Path("saved"), "tiny", "small-0000-s5").log
        assert "continues run small-0000-s5 after epoch 2" in (log / "run.log").read_text()
        assert list(study.trials[-1].intermediate_values) == [1, 2, 3, 4]


def stop_after(epoch: int, stop: Stop, trainer: BaseTrainer) -> None:
    """Wish to stop after an epoch, as Ctrl-C does."""
    if trainer.epoch == epoch:
        stop.signal = signal.SIGINT


def test_runs_of_another_search_are_left_alone(config: Config) -> None:
    (first,) = searched(config, trials=1)
    shutil.rmtree("saved/search")
    (second,) = searched(config, trials=1, overrides={"trainer.epochs": 2})
    assert (first.runs, second.runs) == (["small-0000-s5"], ["small-0000-s5-2"])


def test_a_setting_whose_process_is_killed_again_and_again_is_given_up(config: Config) -> None:
    plan = planned(config, trials=1)
    with open_study(plan, None) as study:
        callback = optuna.storages.RetryHeartbeatStaleTrialCallback(MOST_RETRIES)
        for _ in range(MOST_RETRIES + 1):
            assert results_of(study.trials) == []
            if not study.trials:
                study._storage.create_new_trial(study._study_id)
            study._storage.set_trial_state_values(study.trials[-1]._trial_id, optuna.trial.TrialState.FAIL)
            callback(study, study.trials[-1])
        (result,) = results_of(study.trials)
        assert (result.state, result.message) == ("failed", "its process was killed 6 times")
        Worker(plan, study, 1, Stop()).work()
        assert len(study.trials) == MOST_RETRIES + 1


def test_surplus_trials_count_for_nothing(config: Config) -> None:
    plan = planned(config, trials=1)
    with open_study(plan, None) as study:
        worker = Worker(plan, study, 1, Stop())
        worker.work()
        worker._run_trial()  # as where two workers begin the last trial at the same moment
        assert len(study.trials) == 2
        assert [result.setting for result in results_of(study.trials)] == [0]
        assert [result.setting for result in searched(config, trials=2)] == [0, 1]
