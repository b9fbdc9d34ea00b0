"""The schedule of checkpoints, and the files that are kept."""

import math
import time

from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.run_folder import RunFolder
from utils.config.trainer_settings import TrainerSettings


class CheckpointManager:
    """Writes `last.npz` after every epoch and, if asked to, within them; `best.npz`; and numbered ones now and then."""

    def __init__(self, folder: RunFolder, settings: TrainerSettings) -> None:
        self.folder = folder
        self._steps = settings.checkpoint_every_steps
        self._seconds = 60 * (settings.checkpoint_every_minutes or math.inf)
        self._period = settings.save_period
        self._most = settings.keep_last
        self._saved = time.monotonic()

    def due(self, step: int) -> bool:
        """True if a checkpoint should be written after so many steps."""
        by_steps = self._steps is not None and step % self._steps == 0
        return by_steps or time.monotonic() - self._saved >= self._seconds

    def within_epoch(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint of the middle of an epoch."""
        checkpoint.save(self.folder.last)
        self._saved = time.monotonic()

    def after_epoch(self, checkpoint: Checkpoint, epoch: int, improved: bool) -> None:
        """Write those of the end of an epoch."""
        if self._period and epoch % self._period == 0:
            checkpoint.save(self.folder.numbered(epoch))
            if self._most:
                self.folder.prune(self._most, epoch)
        if improved:
            checkpoint.save(self.folder.best)
        self.within_epoch(checkpoint)  # last of all: a run killed before this does the epoch again, best and all
