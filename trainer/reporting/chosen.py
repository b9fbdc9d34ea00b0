"""The callbacks that a config names: what they do wrong is told with their name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager

from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.errors import StoppedError, UserError, defect
from trainer.experiment import Experiment, error_context
from utils.config.messages import unknown

HOOKS = {"on_train_start": ["trainer"], "on_epoch_end": ["trainer", "record"], "on_train_end": ["trainer"]}


class ChosenCallback(BaseCallback):
    """A callback whose exceptions become a UserError that names it by its place in the config."""

    def __init__(self, callback: BaseCallback, place: str) -> None:
        self.callback = callback
        self.place = place
        self.quick = callback.quick
        self.after_report = callback.after_report

    def on_train_start(self, trainer: BaseTrainer) -> None:
        with self._named("on_train_start"):
            self.callback.on_train_start(trainer)

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        with self._named("on_epoch_end"):
            self.callback.on_epoch_end(trainer, record)

    def on_train_end(self, trainer: BaseTrainer) -> None:
        with self._named("on_train_end"):
            self.callback.on_train_end(trainer)

    @contextmanager
    def _named(self, hook: str) -> Iterator[None]:
        try:
            yield
        except (StoppedError, MemoryError):
            raise
        except Exception as error:
            owner = type(self.callback)
            raise UserError(f"{self.place} ({owner.__name__}): {hook} raised {defect(error, owner)}") from error


def chosen_callbacks(experiment: Experiment) -> list[BaseCallback]:
    """The callbacks of the config, in its order. Raises ConfigError for one that could not be called."""
    found: list[BaseCallback] = []
    for position, callback in enumerate(experiment.settings.callbacks or []):
        place = f"callbacks.{position}"
        with error_context(experiment.config, place):
            _check_hooks(type(callback))
            callback.check()
        found.append(ChosenCallback(callback, place))
    return found


def _check_hooks(owner: type[BaseCallback]) -> None:
    for name in dir(owner):
        if name.startswith("on_") and name not in HOOKS:
            raise ValueError(unknown(f"{owner.__name__}.{name} is never called", name, list(HOOKS), "There are"))
    for name, wanted in HOOKS.items():
        signature = inspect.signature(getattr(owner, name))
        try:
            signature.bind(None, *wanted)
        except TypeError:
            expected = f"{name}({', '.join(['self', *wanted])})"
            text = f"{owner.__name__}.{name} takes {signature}; expected {expected}: see docs/extending.md"
            raise ValueError(text) from None
