"""The resolved config as lines of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base.errors import ConfigError
from utils.config.choices import Mark, Setting, settings
from utils.config.words import shown

_MOST_LINES, _LONGEST_VALUE = 1000, 160


@dataclass(frozen=True)
class Line:
    """A line: `key` below `depth` others, its value and default as JSON, and whether it is as by default."""

    path: str
    key: str
    depth: int
    value: str
    default: str
    mark: Mark


def config_lines(config: Mapping[str, Any]) -> tuple[list[Line], int]:
    """The lines, and how many more there are than are shown."""
    try:
        found = settings(config)
    except ConfigError:  # a module of a family that cannot be imported: nothing is known of defaults then
        found = [Setting(name, 0, value, False, "chosen") for name, value in config.items()]
    return [_line(one) for one in found[:_MOST_LINES]], max(0, len(found) - _MOST_LINES)


def _line(one: Setting) -> Line:
    key = one.path.rpartition(".")[2]
    value = "" if one.value is None and one.has_parts else shown(one.value, _LONGEST_VALUE)
    default = shown(one.default, _LONGEST_VALUE) if one.mark == "changed" else ""
    return Line(one.path, key, one.depth, value, default, one.mark)
