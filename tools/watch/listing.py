"""The list of all runs and searches, and what of it has changed."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logger.comparison.run import Run
from logger.run_files import RunFiles
from tools.watch.find import Finder
from tools.watch.row import Row, run_row
from tools.watch.search import search_row
from trainer.checkpoints.run_lock import is_trained_in

_READ = 0.4  # seconds of computing after which an answer is given with what is read so far
_PAUSES = 10  # times as long as a run took to be read it is not read again
_FILES = (("log", "summary.json"), ("log", "metrics.jsonl"), ("log", "test.json"), ("models", "config.json"))
Stamp = tuple[object, ...]


@dataclass(frozen=True)
class _Entry:
    """A run's files by their times of change, its row, and the version of the list that the row came with.

    Before the moment `due` it is not read again unless its state changes: a history of many epochs takes long to read.
    """

    stamp: Stamp
    row: Row
    version: int
    due: float

    def is_current(self, stamp: Stamp) -> bool:
        """True if the row can stay as it is."""
        return self.stamp == stamp or (self.stamp[0] == stamp[0] and time.monotonic() < self.due)


class Listing:
    """The runs in a folder as their files tell, read again where these have changed.

    A row has a version, so that a page can ask for what is newer than what it has.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._finder = Finder(root)
        self._entries: dict[str, _Entry] = {}
        self._runs: dict[str, RunFiles] = {}
        self._searches: dict[str, Path] = {}
        self._gone: dict[str, int] = {}
        self._version = 0
        self._lock = threading.Lock()

    def changes(self, since: int) -> dict[str, Any]:
        """Rows newer than a version, names of runs that are gone, all searches; `more` says that some are unread."""
        with self._lock:
            more = self._refresh()
            rows = [entry.row for entry in self._entries.values() if entry.version > since]
            gone = [name for name, version in self._gone.items() if version > since]
            searches = [self._search_row(name) for name in self._searches]
            return {"version": self._version, "more": more, "runs": rows, "gone": gone, "searches": searches}

    def read(self) -> None:
        """Read all that is new."""
        while self.changes(self._version)["more"]:
            pass

    def run(self, name: str) -> RunFiles | None:
        """The files of a run by its name in the list; None for any other text."""
        with self._lock:
            if name not in self._runs:
                self._refresh()
            return self._runs.get(name)

    def search(self, name: str) -> tuple[Path, Row, list[Row]] | None:
        """The folder of a search by its name in the list, its row and those of its trials; None for any other text."""
        with self._lock:
            self._refresh()
            folder = self._searches.get(name)
            return None if folder is None else (folder, self._search_row(name), self._trials(folder))

    def _refresh(self) -> bool:
        found, searches = self._finder.find()
        self._runs = {self._name(files.log): files for files in found}
        self._searches = {self._name(folder): folder for folder in searches}
        self._drop()
        until: float | None = None
        for name, files in self._runs.items():
            known, stamp = self._entries.get(name), _stamp(files)
            if known is None or not known.is_current(stamp):
                if until is None:
                    until = time.thread_time() + _READ
                elif time.thread_time() > until:
                    return True
                self._read(name, files, stamp)
        return False

    def _read(self, name: str, files: RunFiles, stamp: Stamp) -> None:
        begun = time.monotonic()
        row = run_row(Run(files, training=bool(stamp[0]))) | {"id": name}
        now = time.monotonic()
        self._version += 1
        self._entries[name] = _Entry(stamp, row, self._version, due=now + _PAUSES * (now - begun))
        self._gone.pop(name, None)

    def _drop(self) -> None:
        for name in [name for name in self._entries if name not in self._runs]:
            self._version += 1
            self._gone[name] = self._version
            del self._entries[name]

    def _search_row(self, name: str) -> Row:
        folder = self._searches[name]
        return search_row(name, folder, self._trials(folder))

    def _trials(self, search: Path) -> list[Row]:
        """The rows of a search's runs, which are in its save_dir."""
        above = self._name(search.parent.parent / "log")
        rows = (entry.row for entry in self._entries.values() if entry.row["search"] == search.name)
        return [row for row in rows if row["id"].rpartition("/")[0].rpartition("/")[0] == above]

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")


def _stamp(files: RunFiles) -> Stamp:
    """A stamp that changes when a process begins or ends to train, or a file is written."""
    folders = {"log": str(files.log), "models": str(files.models)}
    return is_trained_in(files.models), *(_facts(f"{folders[folder]}/{name}") for folder, name in _FILES)


def _facts(path: str) -> tuple[int, int, int] | None:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
