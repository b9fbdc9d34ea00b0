"""Finding runs by what a user calls them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from base.errors import UserError
from logger.run_files import RunFiles
from trainer.checkpoints.meant import meant
from trainer.checkpoints.run_folder import DEFAULT_SAVE_DIR, checkpoints_in, newest_checkpoint

LATEST = "latest"
_HISTORY = ("summary.json", "metrics.jsonl")
_LOGS = (*_HISTORY, "environment.json")
_WHERE = "runs are in <save_dir>/models/<name>/<run id>"


def find_runs(wanted: Sequence[str]) -> tuple[list[RunFiles], bool]:
    """The runs meant, each once, and whether all were named one by one, and none by a folder above it.

    A run is meant by its folder of models or of logs, a file in one of them, or the word "latest". Raises UserError.
    """
    found: list[RunFiles] = []
    named = True
    for text in wanted:
        run = _named(text)
        named = named and run is not None
        found += [run] if run else _below(Path(text))
    return list(dict.fromkeys(found)), named


def _named(text: str) -> RunFiles | None:
    """The run that a text names; None for a folder that is none."""
    path = Path(text)
    try:
        if text == LATEST:
            return _latest()
        is_folder = path.is_dir()
        run = run_in(path if is_folder else path.parent)
        exists = path.exists()
    except (OSError, ValueError) as error:
        raise UserError(f"{text}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not exists:
        raise UserError(f"{text}: there is no such run; {_WHERE}{meant(path)}")
    if run is None and not is_folder:
        raise UserError(f"{text}: is not in the folder of a run; {_WHERE}")
    return run


def _latest() -> RunFiles | None:
    newest = newest_checkpoint(Path(DEFAULT_SAVE_DIR))
    if newest is None:
        raise UserError(f"latest: no run has a checkpoint in {DEFAULT_SAVE_DIR}/models; give the folder of a run")
    return run_in(newest.parent)


def _below(folder: Path) -> list[RunFiles]:
    try:
        os.listdir(folder)
    except OSError as error:
        raise UserError(f"{folder}: cannot be read: {error.strerror}") from error
    found = list(dict.fromkeys(_search(folder)))
    if not found:
        raise UserError(f"{folder}: holds no run; {_WHERE}")
    return found


def _search(top: Path) -> Iterator[RunFiles]:
    seen = set()
    for place, folders, _ in os.walk(top, followlinks=True):
        real = os.path.realpath(place)
        run = None if real in seen else run_in(Path(place))
        if run:
            yield run
        folders[:] = [] if run or real in seen else [name for name in sorted(folders) if not name.startswith(".")]
        seen.add(real)


def run_in(folder: Path) -> RunFiles | None:
    """The run whose models, logs or both a folder holds."""
    folder = Path(os.path.abspath(folder))  # not resolved: a link may stand for save_dir/models
    kind, name, run_id = folder.parent.parent.name, folder.parent.name, folder.name
    save_dir = folder.parent.parent.parent
    pair = RunFiles(save_dir / "models" / name / run_id, save_dir / "log" / name / run_id)
    if kind == "models" and _is_models(folder):
        return pair
    if kind == "log" and _holds(folder, _LOGS):
        return pair
    return RunFiles(folder, folder) if _holds(folder, _HISTORY) else None


def _is_models(folder: Path) -> bool:
    try:
        return _holds(folder, ("config.json",)) or bool(checkpoints_in(folder))
    except OSError:
        return False


def _holds(folder: Path, names: Sequence[str]) -> bool:
    return any((folder / name).is_file() for name in names)
