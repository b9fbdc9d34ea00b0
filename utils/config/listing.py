"""The entries of a resolved config, marked where they depart from defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from utils.config.annotations import arguments_of
from utils.config.arguments import Argument, Arguments
from utils.config.composites import Component, ObjectOf
from utils.config.containers import DictOf, ListOf, OneOf
from utils.config.kinds import Kind
from utils.config.messages import join
from utils.config.registry import members
from utils.config.settings import Settings

Mark = Literal["default", "changed", "chosen"]


@dataclass(frozen=True)
class ConfigEntry:
    """A line of a config: where it stands, below how many others, what its `value` is, and its default.

    The value is plain, or a component's type, or None for a group, which is only there for the lines below it. `mark`
    is "chosen" where there is no default to differ from.
    """

    path: str
    depth: int
    value: Any
    kind: Literal["value", "component", "group"]
    mark: Mark
    default: Any = None


@dataclass(frozen=True)
class _Place:
    """The position of a walk through the config: `mark` is that of everything below a place that is as by default."""

    path: str = ""
    depth: int = 0
    mark: Mark | None = None

    def below(self, key: object, mark: Mark | None = None) -> _Place:
        return _Place(join(self.path, key), self.depth + 1, self.mark or mark)


def config_entries(resolved: Mapping[str, Any]) -> list[ConfigEntry]:
    """The lines of a resolved config, in the order of the config. Raises ConfigError where a family cannot be read.

    What is no longer known, such as a component that was removed, is a line without parts.
    """
    return list(_arguments(arguments_of(Settings), resolved, _Place(depth=-1)))


def _arguments(arguments: Arguments, given: Mapping[str, Any], place: _Place) -> Iterator[ConfigEntry]:
    for name, value in given.items():
        if name in arguments:
            yield from _argument(arguments[name], value, place.below(name))
        else:
            yield _line(value, place.below(name), "chosen")


def _argument(argument: Argument, value: Any, place: _Place) -> Iterator[ConfigEntry]:
    if argument.is_required:
        yield from _walk(argument.kind, value, place, "chosen", None)
        return
    default = argument.checked_default().plain
    is_default = bool(value == default)
    place = _Place(place.path, place.depth, place.mark or ("default" if is_default else None))
    yield from _walk(argument.kind, value, place, "default" if is_default else "changed", default)


def _walk(kind: Kind, value: Any, place: _Place, mark: Mark, default: Any) -> Iterator[ConfigEntry]:
    """A line and those below it."""
    kind, mark = _alternative(kind, value), place.mark or mark
    if isinstance(kind, Component):
        yield from _component(kind, value, place, mark, default)
    elif isinstance(kind, ObjectOf) and isinstance(value, dict):
        yield ConfigEntry(place.path, place.depth, None, "group", mark, default)
        yield from _arguments(arguments_of(kind.target), value, place)
    elif isinstance(kind, ListOf) and isinstance(value, list) and _holds_parts(kind.item):
        yield from _several(kind.item, enumerate(value), place, mark, default)
    elif isinstance(kind, DictOf) and isinstance(value, dict) and value:
        yield from _several(kind.item, value.items(), place, mark, default)
    else:
        yield _line(value, place, mark, default)


def _component(kind: Component, value: Any, place: _Place, mark: Mark, default: Any) -> Iterator[ConfigEntry]:
    name, args = (value.get("type"), value.get("args")) if isinstance(value, dict) else (value, None)
    target = members(kind.family).get(name) if isinstance(name, str) else None
    if target is None:
        yield _line(value, place, mark, default)
        return
    yield ConfigEntry(place.path, place.depth, name, "component", mark, default)
    yield from _arguments(arguments_of(target), args if isinstance(args, dict) else {}, place)


def _several(kind: Kind, items: Any, place: _Place, mark: Mark, default: Any) -> Iterator[ConfigEntry]:
    yield ConfigEntry(place.path, place.depth, None, "group", mark, default)
    for key, item in items:
        yield from _walk(kind, item, place.below(key), "chosen", None)


def _alternative(kind: Kind, value: Any) -> Kind:
    """Of alternatives the one that is meant."""
    if not isinstance(kind, OneOf):
        return kind
    fitting = (one for one in kind.kinds if one.check(value, "", []) is not None)
    return _alternative(next(fitting, kind.kinds[0]), value)


def _holds_parts(kind: Kind) -> bool:
    kinds = kind.kinds if isinstance(kind, OneOf) else (kind,)
    return any(isinstance(one, Component | ObjectOf | DictOf) for one in kinds)


def _line(value: Any, place: _Place, mark: Mark, default: Any = None) -> ConfigEntry:
    return ConfigEntry(place.path, place.depth, value, "value", place.mark or mark, default)
