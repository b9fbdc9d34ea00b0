"""The training of the ranks beside the first: the same steps, and nothing printed or written."""

from contextlib import suppress

from base.stop import Stop, TimeIsUp
from logger.history import History
from logger.step_history import StepHistory
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.snapshot import prepare_plan, restore_experiment
from trainer.ranks.same import expect_same
from trainer.ranks.shared_data import with_shared_data
from trainer.trainer import Trainer
from utils.stop_signals import stopping_by_signals


def follow(plan: Plan) -> None:
    """Train as the first rank does (trainer/start.py), and keep no file."""
    stop, experiment = Stop(), prepare_plan(plan)
    expect_same(experiment)
    experiment = with_shared_data(experiment)
    restore_experiment(experiment, plan)
    with experiment.parallel() as parallel:
        trainer = Trainer(experiment, parallel, None, History(None), StepHistory(None), (), stop)
        if plan.checkpoint:
            trainer.load_state_dict(plan.checkpoint.state, plan.same_config)
        if plan.checkpoint and plan.folder:
            trainer.monitor.load_state_dict(plan.checkpoint.meta["monitor"])
        with suppress(TimeIsUp), stopping_by_signals(stop):
            trainer.train()
