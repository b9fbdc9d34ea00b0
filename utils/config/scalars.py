"""Kinds that hold no others: numbers, text, true and false, null and choices."""

import math
import re
from dataclasses import dataclass
from typing import Any

from base.constraints import Pattern, Range
from utils.config.kinds import Kind, ValidValue, leaf
from utils.config.messages import LARGEST, Mistake, either, json_type, shown
from utils.paths import expanded

UNBOUNDED = Range()


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number; true and false are none."""

    bounds: Range = UNBOUNDED
    usual: int = 10

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"integer"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if json_type(value) == "integer" and abs(value) <= LARGEST and within(value, self.bounds):
            return leaf(value)
        self.refuse(value, path, mistakes)
        return None

    def describe(self) -> str:
        return f"a whole number{words_of(self.bounds)}"

    def example(self) -> Any:
        ends = [bound for bound in vars(self.bounds).values() if bound is not None]
        near = [math.floor(end) + step for end in ends for step in (0, 1, -1)]
        return next((number for number in (self.usual, 1, *near) if within(number, self.bounds)), 10)

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"type": "integer"} | limits_of(self.bounds)


@dataclass(frozen=True)
class Number(Kind):
    """A finite number; a whole one is kept as a float."""

    bounds: Range = UNBOUNDED

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"number"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1.7e308:
            number = float(value)
            if within(number, self.bounds):
                return leaf(number)
        self.refuse(value, path, mistakes)
        return None

    def describe(self) -> str:
        return f"a number{words_of(self.bounds)}"

    def example(self) -> Any:
        ends = [bound for bound in vars(self.bounds).values() if bound is not None]
        near = [float(end) + step for end in ends for step in (0, 0.5, -0.5)] + [sum(ends) / max(len(ends), 1)]
        return next((number for number in (0.1, *near) if within(number, self.bounds)), 0.1)

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"type": "number"} | limits_of(self.bounds)


@dataclass(frozen=True)
class String(Kind):
    """A text, perhaps one that a regular expression must match, or a path.

    Of a path the config keeps what was written, which another machine or job can expand to a folder of its own.
    """

    pattern: Pattern | None = None
    is_path: bool = False

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"string"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if isinstance(value, str) and _can_be_written(value) and self._matches(value):
            return self._path(value, path, mistakes) if self.is_path else leaf(value)
        self.refuse(value, path, mistakes)
        return None

    def _path(self, value: str, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        try:
            found = expanded(value)
        except ValueError as error:
            mistakes.append(Mistake(path, str(error)))
            return None
        return ValidValue(value, lambda: found)

    def _matches(self, value: str) -> bool:
        return self.pattern is None or re.fullmatch(self.pattern.regex, value) is not None

    def describe(self) -> str:
        return self.pattern.words if self.pattern else "text"

    def example(self) -> Any:
        return "text" if self._matches("text") else self.describe()

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"type": "string"} | ({"pattern": f"^(?:{self.pattern.regex})$"} if self.pattern else {})


@dataclass(frozen=True)
class Enum(Kind):
    """One of some given values; true, false and null are choices of their own."""

    options: tuple[Any, ...]

    @property
    def types(self) -> frozenset[str]:
        return frozenset(map(json_type, self.options))

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if any(type(value) is type(option) and value == option for option in self.options):
            return leaf(value)
        self.refuse(value, path, mistakes)
        return None

    def describe(self) -> str:
        return either([shown(option) for option in self.options])

    def example(self) -> Any:
        return self.options[0]

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Anything(Kind):
    """Any value, to be checked by whoever knows what it is for."""

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        return leaf(value)

    def describe(self) -> str:
        return "any value"

    def example(self) -> Any:
        return 10

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {}


def within(number: float, bounds: Range) -> bool:
    """True if a number keeps to its bounds."""
    return not (
        (bounds.ge is not None and number < bounds.ge)
        or (bounds.gt is not None and number <= bounds.gt)
        or (bounds.le is not None and number > bounds.le)
        or (bounds.lt is not None and number >= bounds.lt)
    )


def words_of(bounds: Range) -> str:
    """Bounds in words, such as " of at least 0 and below 1"; empty where there are none."""
    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    given = [f"{words[name]} {bound}" for name, bound in vars(bounds).items() if bound is not None]
    return f" {' and '.join(given)}" if given else ""


def limits_of(bounds: Range) -> dict[str, Any]:
    """Bounds as JSON Schema."""
    keys = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
    return {keys[name]: bound for name, bound in vars(bounds).items() if bound is not None}


def _can_be_written(text: str) -> bool:
    """True if files can hold it and be named by it: no half of a surrogate pair, no NUL."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
