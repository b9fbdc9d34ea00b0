"""What some runs do and others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from base.base_trainer import BaseTrainer, Record


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
