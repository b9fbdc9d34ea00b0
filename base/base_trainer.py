"""The loop over epochs, and the callbacks that it calls."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from base.base_model import BaseModel
from base.errors import RankError
from base.monitor import Monitor
from base.stop import Stop
from base.stopwatch import Stopwatch

LOG = logging.getLogger(__name__)

Record = dict[str, float]


class BaseCallback:
    """Hooks at fixed points of training; a subclass overrides those it needs. None may change the result of training.

    The trainer that a hook is given has `model` (its parameters by name: `model.named_views(model.values)`), `epoch`,
    `step`, `lr`, `monitor` with the best epoch, and `log_folder` for files.

    `quick` says that `on_train_end` takes no time, so it is called even where the user has asked twice to stop.
    `after_report` says that a callback of the config is called after report.html is written, to send files on.
    """

    quick = False
    after_report = False

    def check(self) -> None:
        """Before anything is written: raise ValueError where it cannot work, as where a package is missing."""

    def on_train_start(self, trainer: BaseTrainer) -> None:
        """Before the first epoch of this process."""

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        """After an epoch is trained and validated, and its checkpoints are written."""

    def on_train_end(self, trainer: BaseTrainer) -> None:
        """After the last epoch, also when stopped early or by Ctrl-C."""


class BaseTrainer(ABC):
    """The loop over epochs: train, validate, save, with early stopping (base/monitor.py).

    A subclass defines what an epoch does. The constructor reads and writes nothing; a run that continues loads its
    state and the monitor's before calling `train`.

    `epoch` counts the epochs begun and `step` the steps done. `position` is the number of steps done of the current
    epoch, 0 between epochs; `seconds` is how long that epoch had taken when this process continued it. A subclass has
    the network that is trained as `model`, and the folder for logs and pictures as `log_folder`.
    """

    model: BaseModel
    log_folder: Path

    def __init__(
        self, epochs: int, monitor: Monitor, callbacks: Sequence[BaseCallback] = (), stop: Stop | None = None
    ) -> None:
        self.epochs = epochs
        self.monitor = monitor
        self.callbacks = callbacks
        self.stop = stop or Stop()
        self.epoch = 0
        self.step = 0
        self.position = 0
        self.seconds = 0.0
        self.lr = 0.0
        self._epoch_is_open = False  # from its beginning until its checkpoints are written

    @abstractmethod
    def train_epoch(self) -> Record:
        """Run the steps left of an epoch, keeping `step`, `position` and `lr` up to date; return its metrics."""

    @abstractmethod
    def validate(self) -> Record:
        """Evaluate the model after an epoch; an empty record where there are no data to do it with."""

    @abstractmethod
    def finish_epoch(self, record: Record, improved: bool) -> None:
        """Finish an epoch: step the scheduler, append the record to the history, write the checkpoints."""

    @abstractmethod
    def evaluation_weights(self) -> AbstractContextManager[None]:
        """Context manager: the model holds the weights to evaluate, which may be a moving average of those trained."""

    def flush(self) -> None:  # noqa: B027 - not every trainer writes files
        """Write what waits of complete epochs: before `train` ends, however that comes."""

    def stop_code(self) -> int:
        """The stop that is requested (`Stop.code`), of any process of the same training."""
        return self.stop.code

    def shared(self, record: Record) -> Record:
        """The record that all processes of the same training go by."""
        return record

    @property
    def epochs_done(self) -> int:
        """The number of complete and saved epochs."""
        return self.epoch - self._epoch_is_open

    @property
    def finished(self) -> bool:
        """True if all epochs are done, or patience has run out."""
        return self.epochs_done >= self.epochs or self.monitor.should_stop

    def elapsed(self) -> float:
        """The seconds that the current epoch has taken, those of earlier processes included."""
        return time.perf_counter() - self._begun

    def train(self) -> None:
        """Run the epochs that are left. Raises KeyboardInterrupt, at a safe point, where a stop was requested."""
        for callback in self.callbacks:
            callback.on_train_start(self)
        try:
            while not self.finished:
                self.run_epoch()
                if not self.finished:
                    self.stop.raise_for(self.stop_code())
            self.flush()
        except BaseException as failure:
            self._end_failed(failure)
            raise
        for callback in self.callbacks:
            callback.on_train_end(self)

    def _end_failed(self, failure: BaseException) -> None:
        """Write what waits and call `on_train_end` after a failure or a stop; errors are added to it as notes."""
        try:
            self.flush()
        except Exception as error:
            failure.add_note(f"and what waited cannot be written: {error}")
        for callback in self.callbacks:
            if not callback.quick and (self.stop.at_once or isinstance(failure, RankError)):
                continue
            try:
                callback.on_train_end(self)
            except Exception as error:
                failure.add_note(f"and {type(callback).__name__} at the end: {error}")

    def run_epoch(self) -> None:
        """Train and validate one more epoch, compare it with the best, and save it."""
        self._begun, watch = time.perf_counter() - self.seconds, Stopwatch()
        self.epoch += 1
        self._epoch_is_open = True
        with watch.timing("training"):
            trained = self.train_epoch()
        with watch.timing("validation"):
            record = {"epoch": self.epoch, "step": self.step} | trained | self.validate()
        record = self.shared(record | {"lr": self.lr, "seconds": round(self.elapsed(), 3)})
        self.position, self.seconds = 0, 0.0
        improved = self.monitor.update(self.epoch, record)
        with watch.timing("files"):
            self.finish_epoch(record, improved)
        self._epoch_is_open = False
        with watch.timing("callbacks"):
            for callback in self.callbacks:
                callback.on_epoch_end(self, record)
        LOG.debug("epoch %d took: %s", self.epoch, watch)
