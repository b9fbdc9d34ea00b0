"""The schedule of checkpoints, and the retention of their files."""

import math
import time
from collections.abc import Callable
from pathlib import Path

from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.run_folder import RunFolder
from utils.config.trainer_settings import TrainerSettings

SHORTEST = 1.0  # seconds between two times that last.npz is written, and so the most that a kill costs


class CheckpointManager:
    """Writes the checkpoints of a run.

    `last.npz` after every epoch, and within epochs every `checkpoint_every_steps` or `checkpoint_every_minutes`;
    `best.npz` after an epoch that is the best so far; `epoch-NNNN.npz` every `save_period` epochs, of which the newest
    `keep_last` are kept. The first two wait for `flush` where last.npz was written less than a second ago.
    `before` is called before any is written. Without a folder none is: `best` then holds the best epoch's checkpoint.
    """

    def __init__(self, folder: RunFolder | None, settings: TrainerSettings, before: Callable[[], None]) -> None:
        self.folder = folder
        self.best: Checkpoint | None = None
        self._before = before
        self._steps = settings.checkpoint_every_steps
        self._seconds = 60 * (settings.checkpoint_every_minutes or math.inf)
        self._period = settings.save_period
        self._keep = settings.keep_last
        self._last: Checkpoint | None = None
        self._best: Checkpoint | None = None
        self._saved_at = time.monotonic() - SHORTEST

    def due(self, step: int) -> bool:
        """True if a checkpoint within the epoch is due after `step` steps."""
        if self.folder is None or (self._steps is None and self._seconds == math.inf):
            return False
        by_steps = self._steps is not None and step % self._steps == 0
        return self._since >= (SHORTEST if by_steps else max(self._seconds, SHORTEST))

    @property
    def overdue(self) -> bool:
        """True if what waits has waited long enough."""
        return self._last is not None and self._since >= SHORTEST

    def save_last(self, checkpoint: Checkpoint) -> None:
        """Write last.npz, the checkpoint that a run is continued from."""
        if self.folder is None:
            return
        self._before()
        # best.npz comes first: if the run is killed between the two, it is the newer one, and continued from.
        self._save_best(flush_folder=False)
        checkpoint.save(self.folder.last)
        self._last, self._saved_at = None, time.monotonic()

    def save_nonfinite(self, checkpoint: Checkpoint) -> Path | None:
        """Write the state of a run that ends as its numbers are not finite; returns where, None without a folder."""
        if self.folder is None:
            return None
        path = self.folder.models / "nonfinite.npz"
        checkpoint.save(path)
        return path

    def save_epoch(self, checkpoint: Checkpoint, epoch: int, improved: bool) -> None:
        """Write the checkpoints of the end of an epoch, now or later; the one given must not change any more."""
        if self.folder is None:
            self.best = checkpoint if improved else self.best
            return
        self._last = checkpoint
        if improved:
            self._best = checkpoint
        if self._period and epoch % self._period == 0:
            self._before()
            checkpoint.save(self.folder.numbered(epoch))
            if self._keep:
                self.folder.prune(self._keep, epoch)
            self._save_best()
        if self.overdue:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._last is not None:
            self.save_last(self._last)

    def _save_best(self, flush_folder: bool = True) -> None:
        if self._best is not None and self.folder is not None:
            self._best.save(self.folder.best, flush_folder)
            self._best = None

    @property
    def _since(self) -> float:
        return time.monotonic() - self._saved_at
