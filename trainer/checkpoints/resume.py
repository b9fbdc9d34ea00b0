"""The plan that `-c`, `-r` and `--init` together ask for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from base.errors import CheckpointError, ConfigError, UserError
from base.state import State
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint, step_of
from trainer.checkpoints.initial import InitialWeights
from trainer.checkpoints.meant import meant
from trainer.checkpoints.run_folder import DEFAULT_SAVE_DIR, RunFolder, checkpoints_in, newest_checkpoint, run_of
from utils.config.imports import import_modules, imports_of
from utils.config.overrides import override
from utils.config.parser import ConfigParser
from utils.shell import shell_command

HARMLESS = (
    "trainer.epochs",
    "trainer.max_minutes",
    "trainer.threads",
    "trainer.verbosity",
    "trainer.save_period",
    "trainer.keep_last",
    "trainer.checkpoint_every_steps",
    "trainer.checkpoint_every_minutes",
    "trainer.tsne",
    "trainer.pictures",
    "trainer.report",
    "trainer.tensorboard",
    "callbacks",
    "imports",
)


@dataclass(frozen=True)
class Plan:
    """A config, and where to begin: at nothing, at a checkpoint, or at the first epoch with `initial` weights.

    `folder` is that of the run to continue in place, None for a new run. `same_config` says that the config is the
    checkpoint's own, `notes` what the user should know, and `stamps` what the folder held when the plan was made.
    """

    config: ConfigParser
    checkpoint: Checkpoint | None = None
    path: Path | None = None
    folder: RunFolder | None = None
    same_config: bool = False
    stamps: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    initial: InitialWeights | None = None

    @property
    def data_state(self) -> State | None:
        """The state of the data that the checkpoint holds."""
        return None if self.checkpoint is None else self.checkpoint.state.get("data")


def plan(config_path: str | None, resume: str | None, overrides: Sequence[str], init: str | None = None) -> Plan:
    """Read config and checkpoint. Raises UserError where they are missing, wrong, or ask for what cannot be."""
    return plan_run(
        None if config_path is None else ConfigParser.from_file(config_path, overrides), resume, overrides, init
    )


def plan_run(config: ConfigParser | None, resume: str | None, overrides: Sequence[str], init: str | None) -> Plan:
    """The same with a config that is read already; the overrides are those of a run that goes on by itself."""
    if init is not None:
        return _initialized(config, resume, init)
    if resume is None:
        if config is None:
            raise UserError("give a config with -c or a checkpoint with -r, such as: python train.py -c config.json")
        return Plan(config)
    path = find_checkpoint(resume, config)
    folder = run_of(path)
    stamps = () if folder is None or config is not None else _stamps(folder)
    checkpoint = load_or_offer(path, "python", "train.py", *(("-c", config.source) if config else ()), "-r")
    if config is not None:
        return Plan(config, checkpoint, path)
    config = _continued_config(path, checkpoint, overrides)
    damaged, is_newest = _compare(path, checkpoint, folder) if folder else ([], False)
    return Plan(
        config, checkpoint, path, folder if is_newest else None, same_config=True, stamps=stamps,
        notes=tuple(f"warning: {other} is damaged; it is passed over" for other in damaged),
    )  # fmt: skip


def _initialized(config: ConfigParser | None, resume: str | None, init: str) -> Plan:
    """The plan of a new run that begins with the weights of a checkpoint."""
    if resume is not None:
        raise UserError(
            "--init begins a new run at epoch 1 with weights of a checkpoint, and -r goes on from one; give one of them"
        )
    if config is None:
        raise UserError("--init needs the new run's config, such as: python train.py -c CONFIG --init best.npz")
    path = find_scored(init, None)
    checkpoint = load_or_offer(path, "python", "train.py", "-c", config.source, "--init")
    return Plan(config, initial=InitialWeights(path, checkpoint))


def check_unchanged(plan: Plan) -> None:
    """Raise UserError where another process has written to the run since the plan was made."""
    if plan.folder is not None and _stamps(plan.folder) != plan.stamps:
        raise UserError(f"{plan.folder.models}: another process has just trained there; give the command again")


def find_checkpoint(wanted: str, config: ConfigParser | None) -> Path:
    """The file meant by a path, a run's folder, or the word "latest". Raises CheckpointError."""
    if wanted == "latest":
        return _latest(config)
    path = Path(wanted)
    try:
        found = checkpoints_in(path) if path.is_dir() else [path]
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror}") from error
    if not found:
        raise CheckpointError(
            f"{path}: holds no checkpoint; runs keep theirs in <save_dir>/models/<name>/<run id>{meant(path)}"
        )
    return _newest(found)


def _newest(found: list[Path]) -> Path:
    """The first, last.npz; or best.npz where a kill came between the two, which are written one after the other."""
    first, best = found[0], found[-1]
    if (first.name, best.name) != ("last.npz", "best.npz"):
        return first
    steps = step_of(first)
    return best if steps is not None and steps < (step_of(best) or 0) else first


def find_scored(wanted: str, config: ConfigParser | None) -> Path:
    """The file to score: of a run's folder, or of the newest run, its best checkpoint where it has one."""
    found = find_checkpoint(wanted, config)
    if wanted != "latest" and not Path(wanted).is_dir():
        return found
    best = found.with_name("best.npz")
    return best if best.is_file() else found


def load_or_offer(path: Path, *command: str) -> Checkpoint:
    """Load a checkpoint. Where that fails, the CheckpointError offers the newest whole one of the same folder.

    The words of the command are those to be given before it.
    """
    try:
        return load_checkpoint(path)
    except CheckpointError as error:
        raise CheckpointError(f"{error}{_offer(path, *command)}") from None


def checkpoint_config(path: Path, checkpoint: Checkpoint, overrides: Sequence[str] = ()) -> ConfigParser:
    """The config that a checkpoint carries, changed by overrides.

    Raises ConfigError; of a module that it imports and that is gone, it says where that was.
    """
    config = override(checkpoint.meta["config"], overrides)
    try:
        return ConfigParser(config, f"the config in {path}")
    except ConfigError as error:
        if not (files := checkpoint.meta.get("imports")) or not import_modules(imports_of(config)):
            raise
        told = ", ".join(f"{name} was {file}" for name, file in files.items())
        raise ConfigError(f"{error}\n  when it was trained, {told}") from None


def _continued_config(path: Path, checkpoint: Checkpoint, overrides: Sequence[str]) -> ConfigParser:
    for change in overrides:
        key = change.partition("=")[0]
        if not any(key == allowed or key.startswith(f"{allowed}.") for allowed in HARMLESS):
            raise UserError(
                f"{key}: -r alone continues a run exactly, and this would rewrite its history. For a new run from this "
                f"checkpoint with another setting, give the config too: python train.py -c CONFIG -r "
                f"{shell_command(path)} ..."
            )
    return checkpoint_config(path, checkpoint, overrides)


def _compare(path: Path, checkpoint: Checkpoint, folder: RunFolder) -> tuple[list[Path], bool]:
    """The checkpoints of the run that should be newer and are damaged, and whether this is the newest whole one."""
    damaged: list[Path] = []
    for other in checkpoints_in(folder.models):
        if other.name == path.name:
            newer = False
        else:
            try:
                newer = load_checkpoint(other).meta["step"] > checkpoint.meta["step"]
            except CheckpointError:
                damaged.append(other)
                continue
        if newer or not damaged:
            return damaged, not newer
    return damaged, True


def _offer(path: Path, *command: str) -> str:
    if path.suffix != ".npz" or not path.is_file():
        return ""
    try:
        others = [other for other in checkpoints_in(path.parent) if other.name != path.name]
    except OSError:
        return ""
    whole: list[tuple[int, Path, int]] = []
    for other in others:
        with suppress(CheckpointError):
            meta = load_checkpoint(other).meta
            whole.append((meta["step"], other, meta["epoch"]))
    if not whole:
        return f"; {path.parent} holds no other that is whole" if others else ""
    _, newest, epoch = max(whole, key=lambda found: found[0])
    return f"\n  the newest whole one there is of epoch {epoch}; to use it: {shell_command(*command, newest)}"


def _latest(config: ConfigParser | None) -> Path:
    save_dir = config.save_dir if config else Path(DEFAULT_SAVE_DIR)
    name = config.resolved["name"] if config else "*"
    try:
        newest = newest_checkpoint(save_dir, name)
    except OSError as error:
        raise CheckpointError(f"latest: {error.filename} cannot be read: {error.strerror}") from error
    if newest is None:
        where = "" if config else "; for a run that is elsewhere give its folder"
        raise CheckpointError(f"latest: no run has a checkpoint in {save_dir / 'models' / name}{where}")
    return _newest(checkpoints_in(newest.parent))


def _stamps(folder: RunFolder) -> tuple[tuple[str, int], ...]:
    """File facts that change with every checkpoint written."""
    try:
        return tuple((path.name, path.stat().st_mtime_ns) for path in checkpoints_in(folder.models))
    except OSError as error:
        raise CheckpointError(
            f"{folder.models}: cannot be listed, so nothing tells which checkpoint is the newest: {error.strerror}"
        ) from error
