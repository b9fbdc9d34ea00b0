"""What of a trainer goes into a checkpoint, and back."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from base.base_model import BaseModel
from base.errors import CheckpointError, ConfigError
from base.types import Array
from logger.environment import blas_kernel, library_versions
from logger.setup import log_bytes
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.metadata import fits
from trainer.checkpoints.validation import check_same_state, check_sections, differences, named, refuse
from utils.config.parser import ConfigParser

if TYPE_CHECKING:
    from trainer.checkpoints.resume import Plan
    from trainer.experiment import Experiment
    from trainer.trainer import Trainer


def take(trainer: Trainer) -> Checkpoint:
    """The trainer's state after a step."""
    optimizer = trainer.settings.optimizer
    arrays = {f"model/{name}": value for name, value in trainer.model.named_views(trainer.model.values).items()}
    arrays |= {f"buffer/{name}": value for name, value in trainer.model.buffer_views().items()}
    if trainer.update.average is not None:
        average = trainer.model.named_views(trainer.update.average)
        arrays |= {f"ema/{name}": value for name, value in average.items()}
    for slot, vector in optimizer.state.items():
        arrays |= {f"optimizer/{slot}/{name}": value for name, value in trainer.model.named_views(vector).items()}
    if trainer.position:
        arrays |= {f"tally/{name}": total for name, total in trainer.epoch_metrics.state().items()}
    meta = {
        "config": trainer.experiment.config.resolved,
        "epoch": trainer.epoch - (trainer.position > 0),  # those that are complete
        "step": trainer.step,
        "position": trainer.position,
        "rate_factor": trainer.rate_factor,
        "skipped": trainer.recovery.skipped,
        "seconds": trainer.elapsed() if trainer.position else 0.0,
        "monitor": trainer.monitor.state(),
        "optimizer": {"type": type(optimizer).__name__, "steps": optimizer.steps},
        "scheduler": trainer.settings.lr_scheduler.state() if trainer.settings.lr_scheduler else {},
        "history_lines": trainer.history.lines,
        "log_bytes": log_bytes(trainer.checkpoints.folder.log),
        "ops": trainer.model.ops.name,
        **_libraries(),
    }
    return Checkpoint(arrays, meta)


@cache  # it takes 20 ms, once an epoch
def _libraries() -> dict[str, Any]:
    return {"versions": library_versions(), "blas_kernel": blas_kernel()}


def restore_experiment(experiment: Experiment, plan: Plan) -> list[str]:
    """Take over what the plan's checkpoint holds; returns what the user should know.

    Raises CheckpointError, listing every difference, where the checkpoint is of another model.
    """
    if plan.checkpoint is None:
        return []
    if plan.same_config:
        check_same_state(experiment, plan.checkpoint)
    restore_model(experiment.model, plan.checkpoint)
    if plan.same_config:
        _restore_optimizer(experiment, plan.checkpoint)
        _restore_scheduler(experiment, plan.checkpoint)
        return []
    anew = [*_adopt_optimizer(experiment, plan.checkpoint), *_adopt_scheduler(experiment, plan.checkpoint)]
    return [*_differences(plan), *anew]


def restore_model(model: BaseModel, checkpoint: Checkpoint) -> None:
    """Take over parameters and buffers. Raises CheckpointError, listing each difference, where they do not fit."""
    check_sections(checkpoint)
    _copy(
        named("model", model.named_views(model.values)) | named("buffer", model.buffer_views()),
        named("model", checkpoint.section("model")) | named("buffer", checkpoint.section("buffer")),
    )


def restore_scored(model: BaseModel, checkpoint: Checkpoint, averaged: bool) -> None:
    """Take over what validation judged: the average of the parameters where there is one. Raises CheckpointError.

    `averaged` says that there must be one.
    """
    restore_model(model, checkpoint)
    average = checkpoint.section("ema")
    if average or averaged:
        _copy(named("ema", model.named_views(model.values)), named("ema", average))


def restore_progress(trainer: Trainer, checkpoint: Checkpoint, within_epoch: bool) -> None:
    """Go on where the checkpoint was made; with another config not within an epoch, but from its beginning."""
    meta = checkpoint.meta
    trainer.epoch, trainer.step, trainer.position = meta["epoch"], meta["step"], 0
    trainer.epoch_metrics.reset()
    if within_epoch:
        trainer.rate_factor = meta.get("rate_factor", 1.0)
        trainer.recovery.resume(meta.get("skipped", 0), checkpoint.held("start"))
    if within_epoch and meta.get("position", 0):
        trainer.position, trainer.seconds = meta["position"], meta["seconds"]
        trainer.epoch_metrics.restore(checkpoint.section("tally"), *trainer.experiment.empty_batch())
    restore_average(trainer, checkpoint)


def restore(trainer: Trainer, checkpoint: Checkpoint) -> None:
    """Go back to a state that this trainer was in."""
    restore_model(trainer.model, checkpoint)
    _restore_optimizer(trainer.experiment, checkpoint)
    _restore_scheduler(trainer.experiment, checkpoint)
    restore_progress(trainer, checkpoint, within_epoch=True)
    trainer.steps.cut(trainer.step)


def restore_average(trainer: Trainer, checkpoint: Checkpoint) -> None:
    """Go on from the checkpoint's average of the parameters; one without begins with the parameters."""
    average = checkpoint.section("ema")
    if trainer.update.average is not None and average:
        _copy(named("ema", trainer.model.named_views(trainer.update.average)), named("ema", average))


def _restore_optimizer(experiment: Experiment, checkpoint: Checkpoint) -> None:
    optimizer = experiment.settings.optimizer
    for slot, vector in optimizer.state.items():
        section = f"optimizer/{slot}"
        own = experiment.model.named_views(vector)
        _copy(named(section, own), named(section, checkpoint.section(section)))
    optimizer.steps = checkpoint.meta["optimizer"]["steps"]


def _adopt_optimizer(experiment: Experiment, checkpoint: Checkpoint) -> list[str]:
    """Keep the optimizer's state where the new config's optimizer has the same, else begin it anew and say so."""
    optimizer = experiment.settings.optimizer
    held = {name.split("/")[0] for name in checkpoint.section("optimizer")}
    if type(optimizer).__name__ == checkpoint.meta["optimizer"]["type"] and set(optimizer.state) == held:
        _restore_optimizer(experiment, checkpoint)
        return []
    return ["warning: the optimizer is another than the checkpoint's, so its state begins anew"]


def _restore_scheduler(experiment: Experiment, checkpoint: Checkpoint) -> None:
    scheduler, state = experiment.settings.lr_scheduler, checkpoint.meta.get("scheduler")
    if scheduler and state:
        if not fits(state, scheduler.state()):
            raise CheckpointError(f"the checkpoint's scheduler state is not one of {type(scheduler).__name__}: {state}")
        scheduler.restore(state)


def _adopt_scheduler(experiment: Experiment, checkpoint: Checkpoint) -> list[str]:
    """Keep the scheduler's state where the new config has the same scheduler, else begin it anew and say so."""
    if experiment.config.resolved["lr_scheduler"] == checkpoint.meta["config"].get("lr_scheduler"):
        _restore_scheduler(experiment, checkpoint)
        return []
    lost = checkpoint.meta.get("scheduler")
    return ["warning: the scheduler is another than the checkpoint's, so its state begins anew"] if lost else []


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


def _copy(into: dict[str, Array], held: dict[str, Array]) -> None:
    refuse(differences(into, held))
    for name, view in into.items():
        view[...] = held[name]
