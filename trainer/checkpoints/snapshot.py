"""Checkpoints made of a trainer's state, and loaded into an experiment or a trainer."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

from base.base_model import BaseModel
from base.errors import CheckpointError, ConfigError
from base.state import State, load_arrays
from logger.environment import blas_kernel, library_versions
from logger.history import History
from logger.setup import log_bytes
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.metadata import fits
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.validation import check_same_state, check_sections
from trainer.experiment import Experiment
from utils.config.parser import ConfigParser


def snapshot(state: State, experiment: Experiment, history: History, folder: RunFolder) -> Checkpoint:
    """A checkpoint of a trainer's state, with what else its readers need to know."""
    facts = {
        "config": experiment.config.resolved,
        "history_lines": history.lines,
        "log_bytes": log_bytes(folder.log),
        "ops": experiment.model.ops.name,
        "data": experiment.data_state,
    }
    return Checkpoint.of(state | facts | _libraries())


@cache  # it takes 20 ms, once an epoch
def _libraries() -> dict[str, Any]:
    return {"versions": library_versions(), "blas_kernel": blas_kernel()}


def restore_experiment(experiment: Experiment, plan: Plan) -> list[str]:
    """Load the plan's checkpoint into model, optimizer and scheduler; returns notes for the user.

    Raises CheckpointError, listing every difference, where the checkpoint is of another model.
    """
    if plan.checkpoint is None:
        return []
    state = plan.checkpoint.state
    if plan.same_config:
        check_same_state(experiment, plan.checkpoint)
        _check_scheduler(experiment, state)
        experiment.load_state_dict(state)
        return []
    check_sections(plan.checkpoint)
    experiment.model.load_state_dict(state)
    return [*_differences(plan), *_adopt_optimizer(experiment, state), *_adopt_scheduler(experiment, state)]


def restore_scored(model: BaseModel, checkpoint: Checkpoint, averaged: bool) -> None:
    """Load what validation judged: the parameters' average and its buffers where they are. Raises CheckpointError.

    `averaged` says that there must be one.
    """
    check_sections(checkpoint)
    state = checkpoint.state
    model.load_state_dict(state)
    if averaged or "ema" in state:
        load_arrays({"ema": model.named_views(model.values)}, state)
    if "ema_buffer" in state:  # made at the end of an epoch
        load_arrays({"ema_buffer": model.buffer_views()}, state)


def _check_scheduler(experiment: Experiment, state: State) -> None:
    """Raise CheckpointError where the scheduler's state is of another form."""
    scheduler, held = experiment.settings.lr_scheduler, state.get("scheduler")
    if scheduler and held and not fits(held, scheduler.state_dict()):
        raise CheckpointError(f"the checkpoint's scheduler state is not one of {type(scheduler).__name__}: {held}")


def _adopt_optimizer(experiment: Experiment, state: State) -> list[str]:
    """Keep the optimizer's state where the new config has the same optimizer, else begin it anew and say so."""
    optimizer, held = experiment.settings.optimizer, state["optimizer"]
    if optimizer.state_dict().keys() == held.keys() and type(optimizer).__name__ == held["type"]:
        optimizer.load_state_dict(held)
        return []
    return ["warning: the optimizer is another than the checkpoint's, so its state begins anew"]


def _adopt_scheduler(experiment: Experiment, state: State) -> list[str]:
    """Keep the scheduler's state where the new config has the same scheduler, else begin it anew and say so."""
    held, scheduler = state.get("scheduler"), experiment.settings.lr_scheduler
    if experiment.config.resolved["lr_scheduler"] != state["config"].get("lr_scheduler"):
        return ["warning: the scheduler is another than the checkpoint's, so its state begins anew"] if held else []
    _check_scheduler(experiment, state)
    if scheduler and held:
        scheduler.load_state_dict(held)
    return []


def _differences(plan: Plan) -> list[str]:
    """The keys at which the given config departs from the checkpoint's."""
    assert plan.checkpoint is not None
    held: dict[str, Any] = plan.checkpoint.meta["config"]
    with suppress(ConfigError):  # of an earlier version: compared as it is
        held = ConfigParser(held).resolved  # with what has a default since
    old, new = _flat(held), _flat(plan.config.resolved)
    changed = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    return [f"warning: {key}: {old.get(key)} in the checkpoint, now {new.get(key)}" for key in changed]


def _flat(node: Any, path: str = "") -> dict[str, Any]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
    if items is None:
        return {path: node}
    return {key: value for name, child in items for key, value in _flat(child, f"{path}.{name}".lstrip(".")).items()}
