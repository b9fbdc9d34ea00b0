"""The config parser: validates a whole config, fills in defaults, and builds its components."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from base.errors import ConfigError
from utils.config.annotations import arguments_of
from utils.config.composites import ObjectOf
from utils.config.files import read_config
from utils.config.imports import import_modules, imports_of, visible_imports
from utils.config.kinds import ValidValue
from utils.config.limits import check_extent
from utils.config.messages import Mistake, either, join, report, shown
from utils.config.metric_names import metric_mistakes, metric_names, watching_mistakes
from utils.config.overrides import override
from utils.config.settings import Settings
from utils.paths import expanded
from utils.shell import shell_command


class ConfigParser:
    """A config that was validated in full, nested components included.

    `resolved` is the config as plain JSON values with every default filled in; parsing it again gives the same.
    The constructor raises ConfigError, whose text lists every mistake with its key path.
    """

    def __init__(self, raw: dict[str, Any], source: str = "config", settings: type[Settings] = Settings) -> None:
        self.source = source
        self._valid = _validated(raw, source, ObjectOf(settings, arguments_of))
        self.resolved: dict[str, Any] = self._valid.plain

    @classmethod
    def from_file(cls, path: str | Path, overrides: Sequence[str] = ()) -> "ConfigParser":
        """The config in a JSON or YAML file, merged with what it extends, then changed by KEY.PATH=VALUE overrides."""
        return cls(override(read_config(path), overrides), str(path))

    def __reduce__(self) -> tuple[type["ConfigParser"], tuple[dict[str, Any], str]]:
        """Another process parses the resolved config again."""
        return ConfigParser, (self.resolved, self.source)

    @property
    def save_dir(self) -> Path:
        """The folder that runs are written to, where the resolved config has it as it was written."""
        return Path(expanded(self.resolved["trainer"]["save_dir"]))

    def build(self) -> Settings:
        """The settings with every component built, anew at each call."""
        settings: Settings = self._valid.build()
        for metric, name in zip(settings.metrics or [], metric_names(self.resolved["metrics"] or []), strict=True):
            metric.name, metric.outputs = name, settings.loss.outputs
        return settings


def config_mistakes(raw: dict[str, Any]) -> list[Mistake]:
    """The mistakes of a config as a list, for programs such as the search that try values in it."""
    mistakes: list[Mistake] = []
    _find_mistakes(raw, ObjectOf(Settings, arguments_of), mistakes)
    return mistakes


def _validated(raw: Any, source: str, kind: ObjectOf) -> ValidValue:
    """The valid config. Raises ConfigError with all mistakes."""
    check_extent(raw, source)
    if not isinstance(raw, dict):
        raise ConfigError(f"{source}: expected an object with keys such as name, arch and trainer, got {shown(raw)}")
    if "space" in raw and "arch" not in raw:
        raise ConfigError(
            f'{source}: is a search, as it has a "space", and no config; give it with -s, and its config with -c:\n'
            f"  {shell_command('python', 'search.py', '-c', 'CONFIG', '-s', source)}"
        )
    mistakes: list[Mistake] = []
    valid = _find_mistakes(raw, kind, mistakes)
    if valid is None:
        raise ConfigError(report(source, mistakes))
    return valid


def _find_mistakes(raw: dict[str, Any], kind: ObjectOf, mistakes: list[Mistake]) -> ValidValue | None:
    """Check each section, then what must hold between sections; None where mistakes were added to the list."""
    names = imports_of(raw)
    if failed := import_modules(names):  # all that they define would be unknown
        mistakes += failed
        return None
    with visible_imports(names):
        return _check(raw, kind, mistakes)


def _check(raw: dict[str, Any], kind: ObjectOf, mistakes: list[Mistake]) -> ValidValue | None:
    mistakes += _schema_mistakes(raw)
    sections = kind.sections({key: raw[key] for key in raw if key != "$schema"}, "", mistakes)
    if "metrics" in sections:
        mistakes += metric_mistakes(sections["metrics"].plain or [])
    mistakes[:] = [_with_place(mistake, sections) for mistake in mistakes]
    mistakes += watching_mistakes(raw, sections) + _shard_mistakes(sections)
    return None if mistakes else kind.assemble(sections, "", mistakes)


def _with_place(mistake: Mistake, sections: dict[str, ValidValue]) -> Mistake:
    """A mistake about an unknown key, with the paths at which the config has such a key."""
    key = mistake.path.rpartition(".")[2]
    if not mistake.text.startswith(f"unknown key {key!r}. "):
        return mistake
    places = [path for name, valid in sections.items() for path in _places(valid.plain, key, name)]
    guess = f"unknown key {key!r}; did you mean {either(places[:3])}?" if places else ""
    return Mistake(mistake.path, guess + mistake.text.removeprefix(f"unknown key {key!r}.")) if places else mistake


def _places(node: Any, key: str, path: str) -> list[str]:
    """The paths below a part of a config that end in a key."""
    if not isinstance(node, dict):
        return []
    return [
        place
        for name, value in node.items()
        for place in ([join(path, name)] if name == key else _places(value, key, join(path, name)))
    ]


def _schema_mistakes(raw: dict[str, Any]) -> list[Mistake]:
    link = raw.get("$schema", "")
    return [] if isinstance(link, str) else [Mistake("$schema", f"expected the path of a schema, got {shown(link)}")]


def _shard_mistakes(sections: dict[str, ValidValue]) -> list[Mistake]:
    if not {"trainer", "data_loader"} <= sections.keys():
        return []
    shards, loader = sections["trainer"].plain["shards"], sections["data_loader"].plain
    batch_size = loader.get("args", loader).get("batch_size") if isinstance(loader, dict) else None
    if shards == "auto" or batch_size is None or shards <= batch_size:
        return []
    return [Mistake("trainer.shards", f"expected at most {batch_size}, the samples of a batch, got {shards}")]
