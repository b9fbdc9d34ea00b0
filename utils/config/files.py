"""Config files, and what they extend."""

import os
import stat
from pathlib import Path
from typing import Any

from base.errors import ConfigError
from utils.config.json_yaml import parse_json, parse_yaml
from utils.config.limits import LONGEST_CHAIN, MOST_BYTES, check_extent
from utils.config.merge import merge
from utils.config.messages import shown
from utils.missing_paths import similar
from utils.paths import expanded

PARSERS = {".json": parse_json, ".yaml": parse_yaml, ".yml": parse_yaml}


def read_config(path: str | Path) -> dict[str, Any]:
    """A config file merged with all that it extends. Raises ConfigError where a file cannot be read."""
    return _read_extending(Path(path), ())


def extended(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A config merged with all that it extends, by a path relative to the folder. Raises ConfigError."""
    return _merged(dict(config), folder, "config", ())


def read_object(path: str | Path) -> dict[str, Any]:
    """The object in one JSON or YAML file. Raises ConfigError, naming the file, where there is none."""
    path = Path(path)
    check_no_checkpoint(path)
    text = _read_text(path)
    if path.suffix.lower() not in PARSERS:
        raise ConfigError(f"{path}: expected a file that ends in {', '.join(PARSERS)}")
    if not text.strip():
        raise ConfigError(f"{path}: the file is empty; expected an object with keys and values, as config.json has")
    try:
        value = PARSERS[path.suffix.lower()](text)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
    except RecursionError:
        raise ConfigError(f"{path}: is nested too deeply") from None
    check_extent(value, str(path))
    if not isinstance(value, dict):
        blank = "; after a key's colon stands a blank" if isinstance(value, str) and ":" in value else ""
        raise ConfigError(f"{path}: expected an object with keys and values, got {shown(value)}{blank}")
    return value


def _read_extending(path: Path, chain: tuple[Path, ...]) -> dict[str, Any]:
    own = read_object(path)
    here = path.resolve()
    if here in chain:
        raise ConfigError(f"{path}: extends itself: {' -> '.join(link.name for link in (*chain, here))}")
    if "extends" in own and len(chain) == LONGEST_CHAIN:
        raise ConfigError(f"{path}: is the last of {LONGEST_CHAIN} files that each extend the next; extend fewer")
    return _merged(own, path.parent, str(path), (*chain, here))


def _merged(own: dict[str, Any], folder: Path, source: str, chain: tuple[Path, ...]) -> dict[str, Any]:
    if "extends" not in own:
        return own
    base = own.pop("extends")
    if not isinstance(base, str):
        raise ConfigError(f"{source}: extends: expected the path of another config, got {shown(base)}")
    try:
        path = folder / (base if os.path.lexists(folder / base) else expanded(base))
    except ValueError as error:
        raise ConfigError(f"{source}: extends: {error}") from None
    merged: dict[str, Any] = merge(_read_extending(path, chain), own)
    return merged


def _read_text(path: Path) -> str:
    try:
        _expect_file(path)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file{_sibling(path)}") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a folder; give the path of a config file") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{path}: is larger than {MOST_BYTES} bytes, too large for a config")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def check_no_checkpoint(path: Path) -> None:
    """Raise ConfigError for a checkpoint or a run's folder, saying where its config is."""
    # Not is_file, which raises for a name that is too long.
    if path.suffix.lower() != ".npz" and not os.path.isfile(path / "last.npz"):
        return
    kind, folder = ("a run's folder", path) if os.path.isdir(path) else ("a checkpoint", path.parent)
    config = folder / "config.json"
    beside = f"; its config by itself is {config}" if config.is_file() else ""
    raise ConfigError(f"{path}: is {kind}, which holds its own config; give it with -r in place of -c{beside}")


def _expect_file(path: Path) -> None:
    """Raise ConfigError for a pipe or a device, from which reading may never end."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ConfigError(f"{path}: is not a file but a pipe or a device; save the config as a file and give that")


def _sibling(path: Path) -> str:
    if not path.parent.is_dir():
        return f", nor a folder {path.parent}"
    return similar(path, lambda other: other.suffix.lower() in PARSERS and not other.name.endswith(".schema.json"))
