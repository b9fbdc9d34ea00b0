"""From a config to a run: checks the whole of it before anything is made or written, then builds it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from base.errors import ConfigError
from utils.config.annotations import arguments_of
from utils.config.composites import Record
from utils.config.files import read_config
from utils.config.kinds import Checked
from utils.config.limits import check_extent
from utils.config.messages import Mistake, report, shown
from utils.config.metric_names import metric_mistakes, metric_names, watching_mistakes
from utils.config.overrides import override
from utils.config.settings import Settings


class ConfigParser:
    """A config found right at every depth.

    `resolved` is the config as plain JSON values with every default filled in; parsing it again gives the same.
    Raises ConfigError, whose text lists every mistake with its key path.
    """

    def __init__(self, raw: dict[str, Any], source: str = "config", record: type[Settings] = Settings) -> None:
        self.source = source
        self._checked = _checked(raw, source, Record(record, arguments_of))
        self.resolved: dict[str, Any] = self._checked.plain

    @classmethod
    def from_file(cls, path: str | Path, overrides: Sequence[str] = ()) -> "ConfigParser":
        """The config in a JSON or YAML file, merged with what it extends, then changed by KEY.PATH=VALUE overrides."""
        return cls(override(read_config(path), overrides), str(path))

    def build(self) -> Settings:
        """Every component of the config, made anew at each call."""
        config: Settings = self._checked.build()
        for metric, name in zip(config.metrics or [], metric_names(self.resolved["metrics"] or []), strict=True):
            metric.name, metric.outputs = name, config.loss.outputs
        return config


def config_mistakes(raw: dict[str, Any]) -> list[Mistake]:
    """The mistakes of a config, for programs that try values in it."""
    mistakes: list[Mistake] = []
    _check(raw, Record(Settings, arguments_of), mistakes)
    return mistakes


def _checked(raw: Any, source: str, record: Record) -> Checked:
    check_extent(raw, source)
    if not isinstance(raw, dict):
        raise ConfigError(f"{source}: expected an object with keys such as name, arch and trainer, got {shown(raw)}")
    mistakes: list[Mistake] = []
    checked = _check(raw, record, mistakes)
    if checked is None:
        raise ConfigError(report(source, mistakes))
    return checked


def _check(raw: dict[str, Any], record: Record, mistakes: list[Mistake]) -> Checked | None:
    mistakes += _about_schema(raw)
    sections = record.sections({key: raw[key] for key in raw if key != "$schema"}, "", mistakes)
    if "metrics" in sections:
        mistakes += metric_mistakes(sections["metrics"].plain or [])
    mistakes += watching_mistakes(raw, sections) + _about_shards(sections)
    return None if mistakes else record.assemble(sections, "", mistakes)


def _about_schema(raw: dict[str, Any]) -> list[Mistake]:
    link = raw.get("$schema", "")
    return [] if isinstance(link, str) else [Mistake("$schema", f"expected the path of a schema, got {shown(link)}")]


def _about_shards(sections: dict[str, Checked]) -> list[Mistake]:
    if not {"trainer", "data_loader"} <= sections.keys():
        return []
    shards, loader = sections["trainer"].plain["shards"], sections["data_loader"].plain
    batch_size = loader["args"].get("batch_size") if isinstance(loader, dict) else None
    if shards == "auto" or batch_size is None or shards <= batch_size:
        return []
    return [Mistake("trainer.shards", f"expected at most {batch_size}, the samples of a batch, got {shards}")]
