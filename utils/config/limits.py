"""Limits of a config's size, so that a few lines cannot stand for more than a machine can hold."""

from typing import Any

from base.errors import ConfigError

MOST_BYTES = 300_000  # a YAML file of this size takes at most a second
MOST_VALUES = 10_000
DEEPEST = 60
LONGEST_CHAIN = 30  # of files that each extend the next


def check_extent(value: Any, source: str, most: float = MOST_VALUES, deepest: int = DEEPEST) -> None:
    """Raise ConfigError for a value that is nested too deeply, or that its YAML aliases make too large."""
    waiting, count = [(value, 1)], 0
    while waiting:
        item, depth = waiting.pop()
        count += 1
        if depth > deepest:
            raise ConfigError(f"{source}: is nested deeper than {deepest} levels")
        if count > most:
            raise ConfigError(f"{source}: holds more than {most} values")
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list | tuple) else ()
        waiting += [(child, depth + 1) for child in inner]
