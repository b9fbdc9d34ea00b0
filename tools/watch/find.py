"""Runs and searches below a folder, found again and again at little cost."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from logger.run_files import RunFiles
from trainer.checkpoints.find_runs import run_in

_SEARCH_FILES = {"results.csv", "study.db", "run.log"}
_DEEPEST = 20  # folders within each other
_YOUNG = 2e9  # nanoseconds: a folder that changed so recently may change again without another time of change


@dataclass(frozen=True)
class _Folder:
    """A folder as it was when it was listed."""

    changed: int
    run: RunFiles | None
    is_search: bool
    inner: tuple[str, ...]


class Finder:
    """Finds runs and searches; a folder is listed again where its time of change says that it has to be.

    Links that lead out of the folder are not followed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders: dict[str, _Folder] = {}

    def find(self) -> tuple[list[RunFiles], list[Path]]:
        """All runs, each once, and the folders of all searches."""
        before, self._folders = self._folders, {}
        runs: dict[RunFiles, None] = {}
        searches: list[Path] = []
        for place, folder in self._walk(str(self.root), before, set(), _DEEPEST):
            self._folders[place] = folder
            if folder.run:
                runs[folder.run] = None
            elif folder.is_search:
                searches.append(Path(place))
        return list(runs), searches

    def _walk(
        self, place: str, before: dict[str, _Folder], seen: set[tuple[int, int]], deeper: int
    ) -> Iterator[tuple[str, _Folder]]:
        try:
            facts = os.stat(place)
            if (facts.st_dev, facts.st_ino) in seen:
                return
            seen.add((facts.st_dev, facts.st_ino))
            folder = before.get(place)
            if folder is None or folder.changed != facts.st_mtime_ns or time.time_ns() - facts.st_mtime_ns < _YOUNG:
                folder = self._listed(place, facts.st_mtime_ns)
        except OSError:  # removed at this moment, or not for us to read
            return
        yield place, folder
        for name in folder.inner if deeper else ():
            yield from self._walk(f"{place}/{name}", before, seen, deeper - 1)

    def _listed(self, place: str, changed: int) -> _Folder:
        with os.scandir(place) as entries:
            held = list(entries)
        run = run_in(Path(place))
        files = {entry.name for entry in held}
        is_search = os.path.basename(os.path.dirname(place)) == "search" and bool(_SEARCH_FILES & files)
        inner = () if run or is_search else tuple(sorted(entry.name for entry in held if self._is_entered(entry)))
        return _Folder(changed, run, is_search, inner)

    def _is_entered(self, entry: os.DirEntry[str]) -> bool:
        if entry.name.startswith(".") or not entry.is_dir():
            return False
        return not entry.is_symlink() or is_below(Path(entry.path), self.root)


def is_below(path: Path, root: Path) -> bool:
    """True if a path lies in a folder also where links are followed."""
    return path.resolve().is_relative_to(root.resolve())
