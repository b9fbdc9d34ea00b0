"""Error handling of pictures and reports, whose failure must not end training."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from base.errors import StoppedError

LOG = logging.getLogger(__name__)


@contextmanager
def log_and_continue(what: str) -> Iterator[None]:
    """Context manager: log an unexpected exception and continue after the block; StoppedError is raised on."""
    try:
        yield
    except StoppedError:
        raise
    except Exception as error:
        LOG.warning("%s: %s: %s", what, type(error).__name__, error)
        LOG.debug("where it failed", exc_info=True)
