"""Paths of a run's files."""

import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.errors import UserError
from utils.config.messages import cut
from utils.files import make_folder, replace_text, writing
from utils.shell import shell_command

DEFAULT_SAVE_DIR = "saved"
NUMBERED = re.compile(r"epoch-(\d+)\.npz")


@dataclass(frozen=True)
class RunFolder:
    """The two folders of a run: <save_dir>/models/<name>/<run_id> and <save_dir>/log/<name>/<run_id>."""

    save_dir: Path
    name: str
    run_id: str

    @property
    def models(self) -> Path:
        """The folder of config.json and the checkpoints."""
        return self.save_dir / "models" / self.name / self.run_id

    @property
    def log(self) -> Path:
        """The folder of logs and pictures."""
        return self.save_dir / "log" / self.name / self.run_id

    @property
    def last(self) -> Path:
        """The checkpoint of the newest epoch."""
        return self.models / "last.npz"

    @property
    def best(self) -> Path:
        """The checkpoint of the best epoch."""
        return self.models / "best.npz"

    def numbered(self, epoch: int) -> Path:
        """The checkpoint kept for an epoch."""
        return self.models / f"epoch-{epoch:04d}.npz"

    def newest(self) -> Path | None:
        """The newest checkpoint, going by the names; None where there is none."""
        return next(iter(checkpoints_in(self.models)), None)

    def remove_leftovers(self) -> None:
        """Delete what processes that were killed while they wrote have left; none may be writing here."""
        for path in self.models.glob(".*.npz.*.tmp"):
            with writing(path):
                path.unlink(missing_ok=True)

    def prune(self, keep: int, newest: int) -> None:
        """Delete all but so many of the numbered checkpoints up to that of the epoch `newest`.

        Later ones are left alone: they are damaged, or the run would not have been continued from before them.
        """
        found = [(int(match[1]), path) for path in self.models.iterdir() if (match := NUMBERED.fullmatch(path.name))]
        for _, path in sorted((epoch, path) for epoch, path in found if epoch <= newest)[:-keep]:
            with writing(path):
                path.unlink()

    def write_config(self, config: dict[str, Any]) -> None:
        """Write the resolved config beside the checkpoints."""
        replace_text(self.models / "config.json", json.dumps(config, indent=2) + "\n")


def checkpoints_in(models: Path) -> list[Path]:
    """The checkpoints that a run can be continued from: last.npz, the numbered ones from the newest on, best.npz."""
    names = [path.name for path in models.iterdir() if path.is_file()]
    numbered = sorted((int(match[1]), name) for name in names if (match := NUMBERED.fullmatch(name)))
    ordered = ["last.npz", *(name for _, name in reversed(numbered)), "best.npz"]
    return [models / name for name in ordered if name in names]


def newest_checkpoint(save_dir: Path, name: str = "*") -> Path | None:
    """The checkpoint that was written last, among the newest of each run of this name; None where there is none.

    Raises OSError for a folder that cannot be listed.
    """
    folders = _folders(save_dir / "models") if name == "*" else [save_dir / "models" / name]
    runs = [checkpoints_in(models) for folder in folders for models in _folders(folder)]
    return max((found[0] for found in runs if found), key=lambda path: path.stat().st_mtime, default=None)


def new_run_folder(save_dir: Path, name: str, run_id: str | None) -> RunFolder:
    """Make the folders of a new run: with the given id, or the time and, where that is taken, a number.

    Raises UserError for a run id that exists already, WriteError where folders cannot be made.
    """
    if run_id is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", run_id):
        shown = cut(run_id, 60)
        raise UserError(f"--run-id: {shown!r} names a folder: use letters, digits, '.', '_' and '-', 200 at most")
    stem = run_id or time.strftime("%Y%m%d-%H%M%S")
    for attempt in range(1, 1000):
        folder = RunFolder(save_dir, name, stem if attempt == 1 else f"{stem}-{attempt}")
        if _claim(folder):
            return folder
        if run_id is not None:
            break
    if not folder.models.exists():
        raise UserError(f"--run-id: {folder.log} is the log of a run that was removed; choose another id, or move it")
    going_on = shell_command("-r", folder.models)
    raise UserError(f"--run-id: {folder.models} exists; choose another id, or continue it with {going_on}")


def run_of(checkpoint: Path) -> RunFolder | None:
    """The run whose folder a checkpoint lies in, or None for a checkpoint from elsewhere."""
    # As it is named first: where save_dir/models is a link to another disk, the logs are beside the link.
    named = (Path(os.path.abspath(checkpoint)).parent, checkpoint.resolve().parent)
    models = next((one for one in named if _is_of_a_run(one)), None)
    if models is None:
        return None
    save_dir, here = models.parent.parent.parent, Path.cwd()
    shown = save_dir.relative_to(here) if save_dir.is_relative_to(here) else save_dir
    return RunFolder(shown, models.parent.name, models.name)


def _is_of_a_run(models: Path) -> bool:
    return models.parent.parent.name == "models" and (models / "config.json").is_file()


def _claim(folder: RunFolder) -> bool:
    """Make both folders of a run; of a run whose models were removed, the log may be there still, and is kept."""
    make_folder(folder.models.parent)
    make_folder(folder.log.parent)
    with writing(folder.models):
        try:
            folder.models.mkdir()
        except FileExistsError:
            return False
    with writing(folder.log):
        try:
            folder.log.mkdir()
        except FileExistsError:
            folder.models.rmdir()
            return False
    return True


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder; none where there is no such one."""
    return [path for path in folder.iterdir() if path.is_dir()] if folder.exists() else []
