"""Checkpoints made of a trainer's state, and loaded into an experiment or a trainer."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from base.base_model import BaseModel
from base.errors import CheckpointError, ConfigError
from base.state import State, load_arrays
from logger.environment import blas_kernel, library_versions
from logger.history import History
from logger.setup import log_bytes
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.initial import InitialWeights
from trainer.checkpoints.metadata import fits
from trainer.checkpoints.resume import Plan
from trainer.checkpoints.validation import check_same_state, check_sections
from trainer.experiment import Experiment, prepare
from utils.config.imports import files_of
from utils.config.messages import cut
from utils.config.parser import ConfigParser
from utils.screen import Layout
from utils.shell import shell_command


def constant_facts(experiment: Experiment) -> Checkpoint:
    """Facts for readers of a run's checkpoints that no training changes; they are gathered once."""
    facts = {"config": experiment.config.resolved, "ops": experiment.model.ops.name, "data": experiment.data_state}
    if names := experiment.settings.imports:
        facts["imports"] = files_of(names)
    return Checkpoint.of(facts | _libraries())


def snapshot(state: Checkpoint, constant: Checkpoint, history: History, log_folder: Path) -> Checkpoint:
    """A checkpoint of a trainer's state, with what else readers of its file need to know."""
    facts = {"history_lines": history.lines, "log_bytes": log_bytes(log_folder)}
    return Checkpoint(state.arrays | constant.arrays, state.meta | facts | constant.meta)


@cache  # it takes 20 ms, once an epoch
def _libraries() -> dict[str, Any]:
    return {"versions": library_versions(), "blas_kernel": blas_kernel()}


def prepare_plan(plan: Plan) -> Experiment:
    """The plan's experiment. Raises ConfigError, which names --init where the checkpoint's classes do not fit."""
    try:
        return prepare(plan.config, plan.data_state, plan.same_config)
    except ConfigError as error:
        if plan.checkpoint is None or plan.same_config or not str(error).startswith(f"{plan.config.source}: arch"):
            raise
        anew = begin_anew(plan, "to begin a new run with the weights that fit, and classes and columns of its own")
        raise ConfigError(
            f"{error}\n  -r reads data as {plan.path} does, with its classes and columns; {anew}"
        ) from None


def restore_experiment(experiment: Experiment, plan: Plan) -> list[str | Layout]:
    """Load the plan's checkpoint into model, optimizer and scheduler; returns notes for the user.

    Raises CheckpointError, listing every difference, where the checkpoint is of another model.
    """
    if plan.initial is not None:
        return [*plan.initial.load_into(experiment.model), *_other_classes(plan.initial, experiment)]
    if plan.checkpoint is None:
        return []
    state = plan.checkpoint.state
    if plan.same_config:
        check_same_state(experiment, plan.checkpoint)
        _check_scheduler(experiment, state)
        experiment.load_state_dict(state)
        return []
    check_sections(plan.checkpoint)
    try:
        experiment.model.load_state_dict(state)
    except CheckpointError as error:
        if plan.path is None:  # it is of a network in memory
            raise
        raise CheckpointError(
            f"{plan.path}: {error}\nto go on with the checkpoint's own config, leave -c out: "
            f"{shell_command('python', 'train.py', '-r', plan.path)}\n"
            f"{begin_anew(plan, 'to begin a new run with the weights that fit')}"
        ) from None
    return [*_differences(plan), *_adopt_optimizer(experiment, state), *_adopt_scheduler(experiment, state)]


def begin_anew(plan: Plan, purpose: str) -> str:
    """The command that takes weights alone from the plan's checkpoint, and what it is for."""
    assert plan.path is not None
    config = plan.config.source if not plan.same_config else "CONFIG"
    return f"{purpose}: {shell_command('python', 'train.py', '-c', config, '--init', plan.path)}"


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


def _other_classes(initial: InitialWeights, experiment: Experiment) -> list[str]:
    """A warning where the last layer fits by its shape, but its outputs stood for other classes."""
    before, now = initial.checkpoint.state.get("data", {}).get("classes"), experiment.training.classes
    if before is None or now is None or len(before) != len(now) or tuple(before) == now:
        return []
    were, are = (cut(", ".join(names), 100) for names in (before, now))
    return [f"warning: the last layer is taken too, though its outputs stood for other classes: {were}; now {are}"]


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
