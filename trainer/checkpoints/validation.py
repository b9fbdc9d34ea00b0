"""Comparison of a checkpoint with the network and the config that it is read for."""

from __future__ import annotations

from base.errors import CheckpointError
from base.state import State, differences, raise_differences
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.epoch_metrics import EpochMetrics
from trainer.experiment import Experiment

SECTIONS = ("model", "buffer", "ema", "ema_buffer", "optimizer", "tally", "start", "batch", "data")


def check_sections(checkpoint: Checkpoint) -> None:
    """Raise CheckpointError where a checkpoint holds arrays of an unknown section."""
    odd = [name for name in sorted(checkpoint.arrays) if name.partition("/")[0] not in SECTIONS]
    raise_differences([f"{name}: no checkpoint has such an array" for name in odd])


def check_same_state(experiment: Experiment, checkpoint: Checkpoint) -> None:
    """Raise CheckpointError, listing every difference, where a checkpoint is not one of this very config."""
    state = checkpoint.state
    found = _of_arrays(experiment, state) + _of_counts(experiment, state) + _of_metrics(experiment, state)
    if "start" in checkpoint.meta:
        found += [f"start/{line}" for line in _of_arrays(experiment, state["start"])]
    raise_differences(found)


def _of_arrays(experiment: Experiment, state: State) -> list[str]:
    own = experiment.state_dict()
    if experiment.settings.trainer.ema:
        own["ema"] = own["model"]
        if "ema_buffer" in state:
            own["ema_buffer"] = own["buffer"]
    apart = {"data", "tally"} if state.get("position") else {"data"}
    if "epoch" in state.get("start", {}):
        apart.add("start")
    if state.get("batch", {}).keys() == {"inputs", "targets"}:  # of a step that failed
        apart.add("batch")
    return differences(own, {name: part for name, part in state.items() if name not in apart})


def _of_counts(experiment: Experiment, state: State) -> list[str]:
    own, held, step = type(experiment.settings.optimizer).__name__, state["optimizer"], state["step"]
    found = [] if held["type"] == own else [f"optimizer.type: the config has {own}, the checkpoint {held['type']}"]
    begun = held["steps"] > 0 or state.get("skipped", 0) > 0 or "batch" in state
    if held["steps"] > step or (step > 0 and not begun):
        found.append(f"optimizer.steps: the checkpoint says {held['steps']}, which cannot be after {step} steps")
    return found


def _of_metrics(experiment: Experiment, state: State) -> list[str]:
    if not state.get("position"):
        return []
    try:
        EpochMetrics(experiment.settings.metrics or [], experiment.empty_batch()).load_state_dict(
            state.get("tally", {})
        )
    except CheckpointError as error:
        return [f"tally: {error}"]
    return []
