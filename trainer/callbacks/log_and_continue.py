"""Errors in output that only shows a run are logged and do not end it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from base.errors import StoppedError

LOG = logging.getLogger(__name__)


@contextmanager
def log_and_continue(what: str) -> Iterator[None]:
    """Log an unexpected exception in the block, and continue after it; foreseen ends are let through."""
    try:
        yield
    except StoppedError:
        raise
    except Exception as error:
        LOG.warning("%s: %s: %s", what, type(error).__name__, error)
        LOG.debug("where it failed", exc_info=True)
