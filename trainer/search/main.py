"""The search program."""

from __future__ import annotations

import logging
import time
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING

from base.errors import UserError
from base.stop import Stop
from logger.console import counted, entry
from logger.setup import run_log
from trainer.checks.layer_contract import check_layers
from trainer.experiment import prepare
from trainer.search.optuna_import import require
from trainer.search.pictures import draw_search
from trainer.search.plan import SearchPlan, plan_search
from trainer.search.progress import SearchProgress
from trainer.search.results import best_of, results_of
from trainer.search.state import write_state
from trainer.search.storage_url import shown_url
from trainer.search.study import open_study
from trainer.search.tables import result_text, setting_text, write_tables
from trainer.search.worker_pool import WorkerPool
from utils.config.parser import ConfigParser
from utils.screen import Layout
from utils.shell import shell_command
from utils.stop_signals import stopping_by_signals

if TYPE_CHECKING:
    import optuna

LOG = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.2


def main(args: Namespace) -> None:
    """Run a search and write its results. Nothing is written before files, data and model have passed their checks."""
    require("optuna")
    plan = plan_search(args.config, args.search, args.overrides)
    check_layers(prepare(ConfigParser(plan.trial_config, args.config)))
    with open_study(plan, args.storage) as study, run_log(plan.folder, 1):
        _describe(plan, study, args.storage)
        write_state(plan, "running")
        stop = Stop()
        try:
            with stopping_by_signals(stop), WorkerPool(args, plan.settings.workers, plan.folder) as worker_pool:
                _follow(plan, study, worker_pool, stop)
        finally:
            _conclude(plan, study, stop.requested)
        stop.raise_if_requested()


def _follow(plan: SearchPlan, study: optuna.Study, worker_pool: WorkerPool, stop: Stop) -> None:
    """Show the progress of the workers until they have ended."""
    told = False
    with SearchProgress(plan, results_of(study.get_trials(deepcopy=False))) as progress:
        while worker_pool.working(replace=not told):
            if stop.requested and not told:
                told = True
                worker_pool.stop()
            progress.show(study.get_trials(deepcopy=False))
            time.sleep(_PAUSE_SECONDS)
        progress.show(study.get_trials(deepcopy=False))


def _describe(plan: SearchPlan, study: optuna.Study, storage: str | None) -> None:
    done, limit = len(results_of(study.get_trials(deepcopy=False))), plan.limit
    many = counted(limit, "setting") if limit else f"settings for {plan.settings.minutes:g} minutes"
    keys, goal = counted(len(plan.space.domains), "key"), f"{plan.mode} {plan.metric}"
    LOG.info("search %s: %s of %s, goal %s", study.study_name, many, keys, goal)
    LOG.info("study    %s%s", plan.folder, f", {shown_url(storage)}" if storage else "")
    if done:
        LOG.info("continues after %s", counted(done, "setting"))


def _conclude(plan: SearchPlan, study: optuna.Study, is_stopped: bool) -> None:
    trials = study.get_trials(deepcopy=False)
    results = results_of(trials)
    is_short = plan.limit is not None and len(results) < plan.limit
    draw_search(plan, study, results)
    write_tables(plan, results)
    write_state(plan, "stopped" if is_stopped or is_short else "done")
    best = best_of(results, plan.mode)
    if best is not None:
        metric = f"{plan.metric} {result_text(best)}"
        text = f"setting {best.setting}, {metric}: {setting_text(plan, best.params)}"
        LOG.info(Layout(partial(entry, "best", text)))
        LOG.info("train    %s", shell_command("python", "train.py", "-c", plan.folder / "best_config.json"))
    LOG.info("results  %s: results.csv, results.md%s", plan.folder, ", pictures" if best else "")
    if is_short:
        LOG.info("continue with the same command")
    elif results and best is None:
        raise UserError(f"no setting was trained to its end; {plan.folder / 'results.csv'} says why")
