"""Domains of the keys of search.json, validated by the config's own check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from trainer.search.domains import Domain, Numbers, Option, Options
from trainer.search.labels import labels_of
from trainer.search.settings import Choices, NumberRange
from utils.config.annotations import arguments_of
from utils.config.composites import ObjectOf
from utils.config.messages import Mistake, join, shown
from utils.config.overrides import assign

MARKS = {"low", "high", "choices"}
Try = Callable[[Any], list[Mistake]]  # what the config says about a value


@dataclass
class Place:
    """The position of a domain: its path in search.json, its path in the config, and a function that tests a value."""

    source: str
    path: str
    attempt: Try

    def below(self, label: Any, path: str, whole: Any) -> Place:
        """A position within one of its values, `whole`."""

        def attempt(value: Any) -> list[Mistake]:
            return self.attempt(_with(whole, path, value))

        return Place(f"{self.source}[{label}].{path}", join(self.path, path), attempt)

    def refuses(self, value: Any) -> bool:
        """True if the config check finds a mistake in a value here."""
        return any(mistake.path == self.path for mistake in self.attempt(value))


def read_domain(spec: Any, place: Place, mistakes: list[Mistake]) -> Domain | None:
    """The domain of a list of choices, without those that add mistakes, or of a valid range."""
    if isinstance(spec, list):
        return _options(spec, place, mistakes)
    low, high, step = spec["low"], spec["high"], spec["step"]
    fractions = not all(number.is_integer() for number in (low, high, step or 1.0))
    return Numbers(low, high, spec["log"], step, whole=not fractions and place.refuses(low + 0.5))


def _options(values: list[Any], place: Place, mistakes: list[Mistake]) -> Domain | None:
    for index, value in enumerate(values):
        if any(shown(value, 10**6) == shown(other, 10**6) for other in values[:index]):
            mistakes.append(Mistake(place.source, f"the choice {shown(value)} is there twice"))
            return None
    options = [_option(label, value, place, mistakes) for label, value in zip(labels_of(values), values, strict=True)]
    right = [option for option in options if option is not None]
    return Options(tuple(right)) if right else None


def _option(label: Any, value: Any, place: Place, mistakes: list[Mistake]) -> Option | None:
    specs: dict[str, Any] = {}
    before = len(mistakes)
    for path, spec in _nested(value, ""):
        kind = ObjectOf(Choices if "choices" in spec else NumberRange, arguments_of)
        checked = kind.check(spec, f"{place.source}[{label}].{path}", mistakes)
        if checked is not None:
            specs[path] = checked.plain.get("choices", checked.plain)
    if len(mistakes) > before:
        return None
    whole = value
    for path, spec in specs.items():
        whole = _with(whole, path, spec[0] if isinstance(spec, list) else spec["low"])
    inner = {path: read_domain(spec, place.below(label, path, whole), mistakes) for path, spec in specs.items()}
    found = {path: domain for path, domain in inner.items() if domain is not None}
    return Option(label, whole, found) if len(found) == len(inner) else None


def _nested(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ranges and choices within a value, which are never the whole of a component's args."""
    if isinstance(value, dict) and MARKS & value.keys() and path and not path.endswith("args"):
        yield path, value
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _nested(item, join(path, key))


def _with(whole: Any, path: str, value: Any) -> Any:
    return assign({"value": whole}, f"value.{path}", value, "space")["value"]
