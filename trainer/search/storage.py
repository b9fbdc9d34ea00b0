"""Storage of a study's results."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from base.errors import StoppedError, UserError, WriteError
from trainer.search.numbering import MOST_RETRIES
from trainer.search.optuna_import import quiet_optuna, require
from trainer.search.storage_url import expanded_file, shown_url, without_secrets

if TYPE_CHECKING:
    from optuna.storages import RDBStorage

DEAD_AFTER = 3  # heartbeats
WAIT_SECONDS = 60
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_ATTEMPTS = 5  # to make tables that another machine makes at this moment


@contextmanager
def reaching(url: str, where: str) -> Iterator[None]:
    """Turn a database's errors into one message that begins with `where`: UserError, or WriteError for a full disk."""
    quiet_optuna()
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (StorageInternalError, SQLAlchemyError) as error:
        raise _failure(url, where, error) from error


def open_storage(url: str, heartbeat: int) -> RDBStorage:
    """A database by its URL, with heartbeats that find dead workers; use it within `reaching`.

    Raises UserError where URL and installed libraries do not fit.
    """
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    for attempt in itertools.count(1):
        try:
            return _open(_with_driver(expanded_file(url)), heartbeat)
        except (ImportError, ValueError, RuntimeError) as error:
            raise _failure(url, f"--storage {shown_url(url)}", error) from error
        except (SQLAlchemyError, StorageInternalError):
            if attempt == _ATTEMPTS:
                raise
            time.sleep(0.2 * attempt)
    raise AssertionError


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


def _failure(url: str, where: str, error: Exception) -> StoppedError:
    source = error.__cause__ or error
    original = getattr(source, "orig", None) or source
    reason = next(iter(str(original).strip().splitlines()), type(original).__name__)
    text = f"{where}: cannot be used: {without_secrets(reason, url)}"
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    if code in _UNWRITABLE:
        return WriteError(f"{text}; see whether the disk is full, and whether you may write to the file")
    if code in _DAMAGED:
        return UserError(f"{text}; remove it and give the same command: finished runs are not trained again")
    return UserError(text)
