"""The resolved config as lines of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.errors import ConfigError
from utils.config.listing import ConfigEntry, Mark, config_entries
from utils.config.messages import cut, shown

_MOST_LINES, _LONGEST_VALUE = 1000, 160


@dataclass(frozen=True)
class ConfigLine:
    """A line: `key` below `depth` others, its value and default as text, and whether it is as by default."""

    path: str
    key: str
    depth: int
    value: str
    default: str
    mark: Mark


def read_settings(config: Mapping[str, Any]) -> list[ConfigEntry]:
    """The entries of a config; where the families of components cannot be read, nothing is known of defaults."""
    try:
        return config_entries(config)
    except ConfigError:
        return [ConfigEntry(name, 0, value, "value", "chosen") for name, value in config.items()]


def config_lines(found: Sequence[ConfigEntry]) -> tuple[list[ConfigLine], int]:
    """The lines of a table, and how many more there are than it shows."""
    return [_line(one) for one in found[:_MOST_LINES]], max(0, len(found) - _MOST_LINES)


def chosen_arguments(found: Sequence[ConfigEntry], path: str) -> str:
    """The arguments of the component at a path that are not as by default, in one line."""
    inner = (one for one in found if one.path.startswith(f"{path}.") and one.mark != "default")
    own = [one for one in inner if "." not in one.path.removeprefix(f"{path}.") and one.kind != "group"]
    return ", ".join(f"{_key(one)} {_value(one)}" for one in own)


def _line(one: ConfigEntry) -> ConfigLine:
    default = _default(one.default) if one.mark == "changed" else ""
    return ConfigLine(one.path, _key(one), one.depth, _value(one), default, one.mark)


def _key(one: ConfigEntry) -> str:
    return one.path.rpartition(".")[2]


def _value(one: ConfigEntry) -> str:
    if one.kind == "group":
        return ""
    return cut(one.value, _LONGEST_VALUE) if one.kind == "component" else shown(one.value, _LONGEST_VALUE)


def _default(value: Any) -> str:
    """A default, a component's by its type."""
    is_component = isinstance(value, Mapping) and "type" in value
    return str(value["type"]) if is_component else shown(value, _LONGEST_VALUE)
