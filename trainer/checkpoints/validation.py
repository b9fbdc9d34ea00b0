"""Whether a checkpoint is one of the network and the config that it is read for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.errors import CheckpointError
from base.types import Array
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.epoch_metrics import EpochMetrics

if TYPE_CHECKING:
    from trainer.experiment import Experiment

SECTIONS = ("model", "buffer", "ema", "optimizer", "tally", "start", "batch")
BATCH = {"batch/inputs", "batch/targets"}


def named(section: str, arrays: dict[str, Array]) -> dict[str, Array]:
    """Arrays by the names that they have in a checkpoint."""
    return {f"{section}/{name}": array for name, array in arrays.items()}


def differences(own: dict[str, Array], held: dict[str, Array]) -> list[str]:
    """Where the names, shapes and types of what the model has and what the checkpoint holds are not the same."""
    forms = [{name: f"{array.shape} {array.dtype}" for name, array in arrays.items()} for arrays in (own, held)]
    return [
        f"{name}: the model has {forms[0].get(name, 'no such array')}, "
        f"the checkpoint {forms[1].get(name, 'no such array')}"
        for name in sorted(own.keys() | held.keys())
        if forms[0].get(name) != forms[1].get(name)
    ]


def refuse(found: list[str]) -> None:
    """Raise CheckpointError where there are differences."""
    if found:
        raise CheckpointError("the checkpoint does not fit the config's model:\n  " + "\n  ".join(found))


def check_sections(checkpoint: Checkpoint) -> None:
    """Raise CheckpointError where a checkpoint holds what none does."""
    odd = [name for name in sorted(checkpoint.arrays) if name.partition("/")[0] not in SECTIONS]
    refuse([f"{name}: no checkpoint has such an array" for name in odd])


def check_same_state(experiment: Experiment, checkpoint: Checkpoint) -> None:
    """Raise CheckpointError, listing every difference, where a checkpoint is not one of this very config."""
    found = _of_arrays(experiment, checkpoint) + _of_counts(experiment, checkpoint) + _of_tally(experiment, checkpoint)
    start = checkpoint.held("start")
    refuse(found + [f"start/{line}" for line in (_of_arrays(experiment, start) if start else [])])


def _of_arrays(experiment: Experiment, checkpoint: Checkpoint) -> list[str]:
    model, meta, optimizer = experiment.model, checkpoint.meta, experiment.settings.optimizer
    own = named("model", model.named_views(model.values)) | named("buffer", model.buffer_views())
    if experiment.settings.trainer.ema:
        own |= named("ema", model.named_views(model.values))
    for slot, vector in optimizer.state.items():
        own |= named(f"optimizer/{slot}", model.named_views(vector))
    apart = ("start/",) * ("start" in meta) + ("tally/",) * (meta.get("position", 0) > 0)
    held = {name: array for name, array in checkpoint.arrays.items() if not name.startswith(apart)}
    if held.keys() >= BATCH:  # of a step that failed
        held = {name: array for name, array in held.items() if name not in BATCH}
    return differences(own, held)


def _of_counts(experiment: Experiment, checkpoint: Checkpoint) -> list[str]:
    meta, own = checkpoint.meta, type(experiment.settings.optimizer).__name__
    held, step = meta["optimizer"], meta["step"]
    found = [] if held["type"] == own else [f"optimizer.type: the config has {own}, the checkpoint {held['type']}"]
    begun = held["steps"] > 0 or meta.get("skipped", 0) > 0 or "batch/inputs" in checkpoint.arrays
    if held["steps"] > step or (step > 0 and not begun):
        found.append(f"optimizer.steps: the checkpoint says {held['steps']}, which cannot be after {step} steps")
    return found


def _of_tally(experiment: Experiment, checkpoint: Checkpoint) -> list[str]:
    if not checkpoint.meta.get("position", 0):
        return []
    try:
        EpochMetrics(experiment.settings.metrics or []).restore(checkpoint.section("tally"), *experiment.empty_batch())
    except CheckpointError as error:
        return [f"tally: {error}"]
    return []
