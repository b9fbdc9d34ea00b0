"""Errors that end a program with a message and an exit code; any other exception is a bug (exit code 1)."""

import inspect
import os
import traceback
from pathlib import Path


class StoppedError(Exception):
    """A foreseen end: its text is the whole message, no traceback is shown."""

    exit_code: int


class UserError(StoppedError):
    """The user must change something: config, data, checkpoint or arguments."""

    exit_code = 2


class AlreadyDone(StoppedError):  # noqa: N818 - no error
    """There is nothing left to do, so that a script that repeats its command can end."""

    exit_code = 0


class ConfigError(UserError):
    """The config is wrong; the text lists every mistake."""


class DataError(UserError):
    """Data files are missing, damaged or not what they should be."""


class CheckpointError(UserError):
    """A checkpoint is missing, damaged or does not fit the model."""


class WorkerError(UserError):
    """A worker process was ended by the system, as where memory is short."""


class RankError(WorkerError):
    """Another of the processes that train together has failed; `exit_code` is its."""

    def __init__(self, text: str, exit_code: int = UserError.exit_code) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class NonFiniteError(StoppedError):
    """The loss became infinite or not a number."""

    exit_code = 3


class WriteError(StoppedError):
    """A file of the run cannot be written: the disk is full, or there is no permission."""

    exit_code = 4


class NotFinite(Exception):  # noqa: N818 - an event of training, which is not always an error
    """Numbers of a training step are infinite or not numbers.

    `what` is "loss", "gradient" or "weights"; `params_changed` says that the parameters have become so, else they
    are as they were before the step.
    """

    def __init__(self, what: str, params_changed: bool = False) -> None:
        super().__init__(what, params_changed)
        self.what = what
        self.params_changed = params_changed


def defect(error: Exception, owner: type | None = None) -> str:
    """The exception, with file and line: the last one in the owner's file, if there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if owner is not None and frame.filename == inspect.getsourcefile(owner)]
    where = ""
    if frames and not isinstance(error, SyntaxError):  # which tells of its own place
        last = (own or frames)[-1]
        where = f" ({_short(last.filename)}, line {last.lineno})"
    return f"{type(error).__name__}: {error}{where}"


def _short(path: str) -> str:
    return os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else path
