"""What `-c` and `-r` together ask for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from base.errors import CheckpointError, UserError
from trainer.checkpoint import Checkpoint, load_checkpoint
from trainer.run_folder import NUMBERED, RunFolder, run_of
from utils.config.overrides import override
from utils.config_parser import ConfigParser

LOG = logging.getLogger(__name__)

HARMLESS = (
    "trainer.epochs",
    "trainer.threads",
    "trainer.verbosity",
    "trainer.save_period",
    "trainer.keep_last",
    "trainer.checkpoint_every_steps",
    "trainer.checkpoint_every_minutes",
    "trainer.tsne",
)


@dataclass(frozen=True)
class Plan:
    """A config, and where to begin: at nothing, or at a checkpoint.

    `folder` is that of the run to continue in place, None for a new run. `same_config` says that the config is the
    checkpoint's own.
    """

    config: ConfigParser
    checkpoint: Checkpoint | None = None
    path: Path | None = None
    folder: RunFolder | None = None
    same_config: bool = False


def plan(config_path: str | None, resume: str | None, overrides: Sequence[str]) -> Plan:
    """Read config and checkpoint. Raises UserError where they are missing, wrong, or ask for what cannot be."""
    config = None if config_path is None else ConfigParser.from_file(config_path, overrides)
    if resume is None:
        if config is None:
            raise UserError("give a config with -c or a checkpoint with -r, such as: python train.py -c config.json")
        return Plan(config)
    path = find_checkpoint(resume, config)
    checkpoint = load_checkpoint(path)
    if config is not None:
        return Plan(config, checkpoint, path)
    return _continue(path, checkpoint, overrides)


def find_checkpoint(wanted: str, config: ConfigParser | None) -> Path:
    """The file meant by a path, a run's folder, or the word "latest". Raises CheckpointError."""
    if wanted == "latest":
        return _latest(config)
    path = Path(wanted)
    if not path.is_dir():
        return path
    found = _newest_in(path)
    if found is None:
        raise CheckpointError(f"{path}: holds no checkpoint; runs keep theirs in <save_dir>/models/<name>/<run id>")
    return found


def checkpoint_config(path: Path, checkpoint: Checkpoint, overrides: Sequence[str] = ()) -> ConfigParser:
    """The config that a checkpoint carries, changed by overrides."""
    return ConfigParser(override(checkpoint.meta["config"], overrides), f"the config in {path}")


def _continue(path: Path, checkpoint: Checkpoint, overrides: Sequence[str]) -> Plan:
    for change in overrides:
        key = change.partition("=")[0]
        if not any(key == allowed or key.startswith(f"{allowed}.") for allowed in HARMLESS):
            raise UserError(
                f"{key}: -r alone continues a run exactly, and this would rewrite its history. For a new run from this "
                f"checkpoint with another setting, give the config too: python train.py -c CONFIG -r {path} ..."
            )
    config = checkpoint_config(path, checkpoint, overrides)
    folder = run_of(path)
    if folder is not None and not _is_newest(path, checkpoint, folder):
        folder = None
    return Plan(config, checkpoint, path, folder, same_config=True)


def _is_newest(path: Path, checkpoint: Checkpoint, folder: RunFolder) -> bool:
    newest = _newest_in(folder.models)
    if newest is None or newest.name == path.name:
        return True
    return bool(checkpoint.meta["step"] >= load_checkpoint(newest).meta["step"])


def _newest_in(models: Path) -> Path | None:
    if (models / "last.npz").is_file():
        return models / "last.npz"
    numbered = sorted((int(match[1]), path) for path in models.iterdir() if (match := NUMBERED.fullmatch(path.name)))
    if numbered:
        return numbered[-1][1]
    best = models / "best.npz"
    return best if best.is_file() else None


def _latest(config: ConfigParser | None) -> Path:
    save_dir = Path(config.resolved["trainer"]["save_dir"] if config else "saved")
    name = config.resolved["name"] if config else "*"
    found = list(save_dir.glob(f"models/{name}/*/last.npz"))
    if not found:
        raise CheckpointError(f"-r latest: no run has a checkpoint in {save_dir / 'models' / name}")
    return max(found, key=lambda path: path.stat().st_mtime)
