"""Where the results of a study are kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from base.errors import UserError
from trainer.search.numbering import MOST_RETRIES
from trainer.search.optuna_import import quiet_optuna, require

if TYPE_CHECKING:
    from optuna.storages import RDBStorage

DEAD_AFTER = 3  # heartbeats
WAIT_SECONDS = 60
_ATTEMPTS = 5  # to make tables that another machine makes at this moment


def open_storage(url: str, heartbeat: int) -> RDBStorage:
    """A database by its URL, with heartbeats that find dead workers. Raises UserError where it cannot be opened."""
    quiet_optuna()
    from sqlalchemy.exc import SQLAlchemyError

    url = _with_driver(url)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _open(url, heartbeat)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            if attempt == _ATTEMPTS or isinstance(error, ImportError | ValueError):
                raise UserError(f"--storage {without_password(url)}: cannot be opened: {_first_line(error)}") from error
            time.sleep(0.2 * attempt)
    raise AssertionError


def without_password(url: str) -> str:
    """A URL as it may be printed."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return url


def _open(url: str, heartbeat: int) -> RDBStorage:
    from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback

    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"connect_args": {"timeout": WAIT_SECONDS}} if sqlite else {"pool_pre_ping": True}
    storage = RDBStorage(
        url,
        options,
        heartbeat_interval=heartbeat,
        grace_period=DEAD_AFTER * heartbeat,
        heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(MOST_RETRIES),
    )
    if sqlite:
        _lock_at_once(storage)
    return storage


def _lock_at_once(storage: RDBStorage) -> None:
    """Let each transaction of SQLite begin with its lock, so that no two workers take the same waiting trial."""
    from sqlalchemy import event

    @event.listens_for(storage.engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # or Python begins transactions by itself, and later

    @event.listens_for(storage.engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    storage.engine.dispose()


def _with_driver(url: str) -> str:
    for name in ("postgresql://", "postgres://"):
        if url.startswith(name):
            require("psycopg")
            return f"postgresql+psycopg://{url.removeprefix(name)}"
    return url


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error)
    return next(iter(text.strip().splitlines()), type(error).__name__)
