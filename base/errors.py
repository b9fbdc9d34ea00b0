"""What ends a run, each kind with its exit code; anything else that is raised is a defect of ours (exit code 1)."""


class StoppedError(Exception):
    """A foreseen end: its text is the whole message, no traceback is shown."""

    exit_code: int


class UserError(StoppedError):
    """The user must change something: config, data, checkpoint or arguments."""

    exit_code = 2


class ConfigError(UserError):
    """The config is wrong; the text lists every mistake."""


class DataError(UserError):
    """Data files are missing, damaged or not what they should be."""


class CheckpointError(UserError):
    """A checkpoint is missing, damaged or does not fit the model."""


class NonFiniteError(StoppedError):
    """The loss became infinite or not a number."""

    exit_code = 3


class WriteError(StoppedError):
    """A file of the run cannot be written: the disk is full, or there is no permission."""

    exit_code = 4
