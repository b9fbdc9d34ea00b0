"""Guesses at the checkpoint that a path which leads to none was to name."""

from __future__ import annotations

from pathlib import Path

from trainer.checkpoints.run_folder import DEFAULT_SAVE_DIR, newest_checkpoint
from utils.config.messages import nearest
from utils.shell import shell_command


def meant(path: Path) -> str:
    """The end of a message: what was probably meant by a path without a checkpoint; "" where nothing is alike."""
    try:
        guess = _guess(path)
    except (OSError, ValueError):
        return ""
    return f"; did you mean {shell_command(guess)}?" if guess else ""


def _guess(path: Path) -> Path | str | None:
    if len(path.parts) == 1 and nearest(path.name, ["latest"]):
        return "latest"
    if path.is_dir():
        return _of_folder(path)
    if path.parent.is_dir() and path.parent != Path():
        names = [other.name for other in path.parent.iterdir() if other.suffix == ".npz" or other.is_dir()]
        guess = nearest(path.name, names)
        return path.with_name(guess) if guess else None
    return _newest_of(Path(DEFAULT_SAVE_DIR), path.name)


def _of_folder(folder: Path) -> Path | None:
    """The run that a folder of its log, or of runs, stands for."""
    for name in ("log", "models"):
        if name in folder.parts:
            index = len(folder.parts) - 1 - folder.parts[::-1].index(name)
            save_dir, inner = Path(*folder.parts[:index]), folder.parts[index + 1 :]
            if len(inner) > 1:
                models = save_dir.joinpath("models", *inner[:2])
                return models if any(models.glob("*.npz")) else None
            return _newest_of(save_dir, inner[0] if inner else "*")
    return _newest_of(folder, "*")


def _newest_of(save_dir: Path, name: str) -> Path | None:
    newest = newest_checkpoint(save_dir, name)
    return newest.parent if newest else None
