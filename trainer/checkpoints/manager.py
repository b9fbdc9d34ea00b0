"""The schedule of checkpoints, and the retention of their files."""

import math
import time
from pathlib import Path

from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.run_folder import RunFolder
from utils.config.trainer_settings import TrainerSettings


class CheckpointManager:
    """Writes the checkpoints of a run.

    `last.npz` after every epoch, and within epochs every `checkpoint_every_steps` or `checkpoint_every_minutes`;
    `best.npz` after an epoch that is the best so far; `epoch-NNNN.npz` every `save_period` epochs, of which the newest
    `keep_last` are kept. Without a folder no file is written: `best` then holds the checkpoint of the best epoch.
    """

    def __init__(self, folder: RunFolder | None, settings: TrainerSettings) -> None:
        self.folder = folder
        self.best: Checkpoint | None = None
        self._steps = settings.checkpoint_every_steps
        self._seconds = 60 * (settings.checkpoint_every_minutes or math.inf)
        self._period = settings.save_period
        self._keep = settings.keep_last
        self._saved_at = time.monotonic()

    def due(self, step: int) -> bool:
        """True if a checkpoint within the epoch is due after `step` steps."""
        if self.folder is None:
            return False
        by_steps = self._steps is not None and step % self._steps == 0
        return by_steps or time.monotonic() - self._saved_at >= self._seconds

    def save_last(self, checkpoint: Checkpoint) -> None:
        """Write last.npz, the checkpoint that a run is continued from."""
        if self.folder is not None:
            checkpoint.save(self.folder.last)
        self._saved_at = time.monotonic()

    def save_nonfinite(self, checkpoint: Checkpoint) -> Path | None:
        """Write the state of a run that ends as its numbers are not finite; returns where, None without a folder."""
        if self.folder is None:
            return None
        path = self.folder.models / "nonfinite.npz"
        checkpoint.save(path)
        return path

    def save_epoch(self, checkpoint: Checkpoint, epoch: int, improved: bool) -> None:
        """Write the checkpoints of the end of an epoch."""
        if self.folder is None:
            self.best = checkpoint.copy() if improved else self.best
            return
        if self._period and epoch % self._period == 0:
            checkpoint.save(self.folder.numbered(epoch))
            if self._keep:
                self.folder.prune(self._keep, epoch)
        if improved:
            checkpoint.save(self.folder.best)
        # last.npz comes last: if the run is killed before, it is continued from the last.npz of an earlier step, does
        # the rest of the epoch again and writes the other files again.
        self.save_last(checkpoint)
