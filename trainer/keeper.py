"""Which checkpoints a run keeps, and when they are written."""

import logging
import math
import time
from pathlib import Path

from trainer.checkpoint import Checkpoint
from trainer.run_folder import RunFolder
from utils.trainer_settings import TrainerSettings

LOG = logging.getLogger(__name__)


class Keeper:
    """Writes `last.npz` after every epoch and, if asked to, within them; `best.npz`; and numbered ones now and then."""

    def __init__(self, folder: RunFolder, settings: TrainerSettings) -> None:
        self.folder = folder
        self._steps = settings.checkpoint_every_steps
        self._seconds = 60 * (settings.checkpoint_every_minutes or math.inf)
        self._period = settings.save_period
        self._most = settings.keep_last
        self._saved = time.monotonic()

    def due(self, step: int) -> bool:
        """Whether a checkpoint should be written after so many steps."""
        by_steps = self._steps is not None and step % self._steps == 0
        return by_steps or time.monotonic() - self._saved >= self._seconds

    def within_epoch(self, checkpoint: Checkpoint) -> None:
        """Write a checkpoint of the middle of an epoch."""
        _save(checkpoint, self.folder.last)
        self._saved = time.monotonic()

    def after_epoch(self, checkpoint: Checkpoint, epoch: int, improved: bool) -> None:
        """Write those of the end of an epoch."""
        if self._period and epoch % self._period == 0:
            _save(checkpoint, self.folder.numbered(epoch))
            if self._most:
                self.folder.prune(self._most, epoch)
        if improved:
            _save(checkpoint, self.folder.best)
        self.within_epoch(checkpoint)  # last of all: a run killed before this does the epoch again, best and all


def _save(checkpoint: Checkpoint, path: Path) -> None:
    start = time.perf_counter()
    checkpoint.save(path)
    LOG.debug("wrote %s: %.2f MiB in %.2f s", path.name, path.stat().st_size / 2**20, time.perf_counter() - start)
