"""What becomes of a step whose numbers are not finite."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from base.base_data_loader import Dataset
from base.errors import NonFiniteError, NotFinite
from base.state import State
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.snapshot import take
from trainer.checks.step_report import first_overflow, report_step
from utils.shell import shell_command

if TYPE_CHECKING:
    from trainer.trainer import Trainer

LOG = logging.getLogger(__name__)

MOST_SKIPPED = 10  # in a row
SLOWER = 0.5
LOWEST_FACTOR = SLOWER**10


class Recovery:
    """Stops the run, skips the step, or goes back to the start of the epoch with a lower rate, as the config says.

    Whether weights stay finite is known only after they changed. Then the epoch is done again from `start`, which gives
    the same numbers, up to that step, before which parameters and optimizer are kept.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.start: Checkpoint | None = None
        self._way = trainer.settings.trainer.on_nonfinite
        self._skipped = 0
        self._last_skipped = -2

    @property
    def skipped(self) -> int:
        """How many steps in a row were skipped just before the one that comes next."""
        return self._skipped if self._last_skipped == self.trainer.step - 1 else 0

    def state_dict(self) -> State:
        """The steps skipped just before; the epoch's start is held by checkpoints within an epoch alone."""
        return {"skipped": self.skipped}

    def load_state_dict(self, state: State) -> None:
        """Continue from a state, which may hold the epoch's start."""
        self._skipped, self._last_skipped = state.get("skipped", 0), self.trainer.step - 1
        if "start" in state:
            self.start = Checkpoint.of(state["start"])

    def begin_epoch(self) -> None:
        """Keep the state that an epoch begins with; one that is continued may have brought it."""
        if self.trainer.position == 0 or self.start is None:
            self.start = take(self.trainer).copy()
            self.start.meta["epoch"] = self.trainer.epoch - 1  # this one is begun, not complete

    def checkpoint(self) -> Checkpoint:
        """The state within an epoch, with all that is needed to go back from later steps too."""
        now = take(self.trainer)
        return now.holding("start", self.start) if self._way == "back_off" and self.start else now

    def answer(self, found: NotFinite) -> None:
        """Do what the config says. Raises NonFiniteError where that is to stop, or all else has failed."""
        trainer = self.trainer
        trainer.undo_statistics()
        if found.params_changed:
            trainer.update.backup_steps.add(trainer.step)
            self._go_back(trainer.rate_factor)
        elif self._way == "skip" and self._may_skip():
            LOG.warning("%s; the step is skipped", self._where(found))
            trainer.step += 1
            trainer.position += 1
            trainer.pause()
        elif self._way == "back_off" and trainer.rate_factor > LOWEST_FACTOR:
            factor = trainer.rate_factor * SLOWER
            LOG.warning("%s; back to the start of the epoch, learning rates times %g", self._where(found), factor)
            self._go_back(factor)
        else:
            self._stop(found)

    def raise_nonfinite_score(self, metric: str, value: float, data: Dataset) -> NoReturn:
        """Raise NonFiniteError for the loss of a data set after an epoch, which says where it comes from."""
        trainer, path = self.trainer, self._path
        state = take(trainer)
        state.save(path)
        odd = [name for name, array in state.arrays.items() if not np.isfinite(array).all()]
        with trainer.scored_model():
            layer = first_overflow(trainer.parallel, data)
        where = f"in {odd[0]} of the state" if odd else f"in the output of layer {layer}" if layer else "in the loss"
        raise NonFiniteError(
            f"the {metric} became {value} after epoch {trainer.epoch}, of which no checkpoint is kept. The first "
            f"number that is not finite is {where}. The state is in {path}. Try a lower rate "
            f"(--lr {trainer.lr / 10:g}) or trainer.grad_clip"
        )

    @property
    def _path(self) -> Path:
        return self.trainer.checkpoints.folder.models / "nonfinite.npz"

    def _may_skip(self) -> bool:
        if self.skipped == MOST_SKIPPED:
            return False
        self._skipped, self._last_skipped = self.skipped + 1, self.trainer.step
        return True

    def _go_back(self, rate_factor: float) -> None:
        assert self.start is not None
        state = self.start.state
        self.trainer.experiment.load_state_dict(state)
        self.trainer.load_state_dict(state)
        self.trainer.steps.cut(self.trainer.step)
        self.trainer.rate_factor = rate_factor
        self.trainer.epoch += 1  # it is begun again

    def _where(self, found: NotFinite) -> str:
        trainer = self.trainer
        schedule_step = f"step {trainer.position + 1} of epoch {trainer.epoch}"
        return f"the {found.what} became infinite or not a number in {schedule_step}, learning rate {trainer.lr:g}"

    def _stop(self, found: NotFinite) -> None:
        trainer, path = self.trainer, self._path
        data, samples = trainer.experiment.training, trainer.order.batch(trainer.schedule_step)
        inputs = data.inputs_of(samples, trainer.model.values.dtype)
        kept = take(trainer)
        kept.meta["epoch"] = trainer.epoch - 1  # also before the first step of an epoch: it is begun, not complete
        kept.with_batch(inputs, data.read_targets(samples)).save(path)
        report = report_step(trainer.parallel, data, samples, trainer.step, trainer.augmentation)
        first = report.first_not_finite() or f"the new {found.what}"
        raise NonFiniteError(
            f"{self._where(found)}. The first number that is not finite is in {first}. The state before the step, and "
            f"its batch, are in {path}; to look at the step: {shell_command('python', '-m', 'tools.replay', path)}. "
            f"{self._advice()}"
        )

    def _advice(self) -> str:
        better = f"ry a lower rate (--lr {self.trainer.lr / 10:g}) or trainer.grad_clip"
        if self._way == "skip":
            return f"The {MOST_SKIPPED} steps before it were skipped for the same reason, and no more are; t{better}"
        if self._way == "back_off":
            return f"Learning rates were already times {self.trainer.rate_factor:g}, and go no lower; t{better}"
        return f"T{better}, or choose with trainer.on_nonfinite to go on"
