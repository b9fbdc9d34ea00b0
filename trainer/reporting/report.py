"""The callback that keeps report.html up to date."""

import time
from collections.abc import Callable

from base.base_trainer import BaseCallback, BaseTrainer, Record
from logger.report.page import write_report
from logger.run_files import RunFiles
from trainer.checkpoints.run_folder import RunFolder
from trainer.reporting.log_and_continue import log_and_continue

_INTERVAL = 50  # times as long as the last writing took: at most a fiftieth of the run's time is spent on it
_MIN_INTERVAL = 2.0  # seconds


class Report(BaseCallback):
    """Writes report.html when training begins and ends, and after epochs, unless it was written a moment ago.

    It shows what other callbacks have written, so it must come after them.
    """

    def __init__(self, folder: RunFolder, clock: Callable[[], float] = time.perf_counter) -> None:
        self.folder = folder
        self._clock = clock
        self._not_before = 0.0

    def on_train_start(self, trainer: BaseTrainer) -> None:
        self._write()

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        if not trainer.finished and self._clock() >= self._not_before:
            self._write()

    def on_train_end(self, trainer: BaseTrainer) -> None:
        self._write()

    def _write(self) -> None:
        begun = self._clock()
        with log_and_continue("report.html cannot be made"):
            write_report(RunFiles(self.folder.models, self.folder.log))
        ended = self._clock()
        self._not_before = ended + max(_MIN_INTERVAL, _INTERVAL * (ended - begun))
