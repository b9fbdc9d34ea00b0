"""The loop over epochs, and the callbacks that it calls."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from base.monitor import Monitor
from base.stop import Stop
from base.stopwatch import Stopwatch

LOG = logging.getLogger(__name__)

Record = dict[str, float]


class BaseCallback:
    """Things to do at points of a run; a subclass defines those it needs. None may change the result of training.

    `quick` says that `on_train_end` takes no time, and so is done even where the user has asked twice to stop.
    """

    quick = False

    def on_train_start(self, trainer: BaseTrainer) -> None:
        """Before the first epoch of this process."""

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        """After an epoch is trained, validated and judged, and its checkpoint is safe on disk."""

    def on_train_end(self, trainer: BaseTrainer) -> None:
        """After the last epoch, also when stopped early or by Ctrl-C."""


class BaseTrainer(ABC):
    """Trains for a number of epochs, keeps the best, and stops early when told to.

    A subclass says what an epoch is. The constructor reads and writes nothing; a run that continues sets where it is
    and the monitor before calling `train`. `epoch` counts those begun, `step` the steps done, `position` those of the
    current epoch, `seconds` the time that it took before this process; `position` is 0 between epochs.
    """

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
        self._within_epoch = False

    @abstractmethod
    def train_epoch(self) -> Record:
        """Train for what is left of an epoch, keeping `step`, `position` and `lr` up to date; return its figures."""

    @abstractmethod
    def validate(self) -> Record:
        """Score the model after an epoch; empty where there is nothing to score on."""

    @abstractmethod
    def keep(self, record: Record, improved: bool) -> None:
        """Make an epoch safe: its line in the history, its checkpoints."""

    @abstractmethod
    def scored_model(self) -> AbstractContextManager[None]:
        """A time in which the model is what is scored, such as a moving average of what is trained."""

    @property
    def epochs_done(self) -> int:
        """The number of complete and saved epochs."""
        return self.epoch - self._within_epoch

    @property
    def finished(self) -> bool:
        """True if all epochs are done, or patience has run out."""
        return self.epochs_done >= self.epochs or self.monitor.should_stop

    def elapsed(self) -> float:
        """The seconds that the current epoch has taken, in whichever process."""
        return time.perf_counter() - self._begun

    def train(self) -> None:
        """Run the epochs that are left. Raises KeyboardInterrupt where `stop` is wanted, when it is safe."""
        for callback in self.callbacks:
            callback.on_train_start(self)
        try:
            while not self.finished:
                self.stop.obey()
                self.run_epoch()
        except BaseException as failure:
            self._end_failed(failure)
            raise
        for callback in self.callbacks:
            callback.on_train_end(self)

    def _end_failed(self, failure: BaseException) -> None:
        """Let callbacks end where training failed, or is to stop; whatever they meet, that is what is reported."""
        for callback in self.callbacks:
            if not callback.quick and self.stop.at_once:
                continue
            try:
                callback.on_train_end(self)
            except Exception as error:
                failure.add_note(f"and {type(callback).__name__} at the end: {error}")

    def run_epoch(self) -> None:
        """Train, score, judge and keep one more epoch."""
        self._begun, watch = time.perf_counter() - self.seconds, Stopwatch()
        self.epoch += 1
        self._within_epoch = True
        with watch.timing("training"):
            trained = self.train_epoch()
        with watch.timing("validation"):
            record = {"epoch": self.epoch, "step": self.step} | trained | self.validate()
        record |= {"lr": self.lr, "seconds": round(self.elapsed(), 3)}
        self.position, self.seconds = 0, 0.0
        improved = self.monitor.judge(self.epoch, record)
        with watch.timing("files"):
            self.keep(record, improved)
        self._within_epoch = False
        with watch.timing("callbacks"):
            for callback in self.callbacks:
                callback.on_epoch_end(self, record)
        LOG.debug("epoch %d took: %s", self.epoch, watch)
