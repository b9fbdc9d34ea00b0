"""Kinds that hold others: lists, tuples, dictionaries and alternatives."""

from dataclasses import dataclass
from typing import Any

from utils.config.kinds import Kind, ValidValue
from utils.config.messages import Mistake, either, join, json_type, shown


@dataclass(frozen=True)
class ListOf(Kind):
    """A list of any or a least length, of items that may have to differ; `make` is what it becomes, list or tuple."""

    item: Kind
    make: type = list
    at_least: int = 0
    distinct: bool = False

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"array"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if not isinstance(value, list | tuple) or len(value) < self.at_least:
            self.refuse(value, path, mistakes)
            return None
        twice = next((item for index, item in enumerate(value) if self.distinct and item in value[:index]), None)
        if twice is not None:
            mistakes.append(Mistake(path, f"{shown(twice)} is there twice; leave one out"))
            return None
        items = [self.item.check(item, join(path, index), mistakes) for index, item in enumerate(value)]
        return _joined(items, self.make)

    def describe(self) -> str:
        least = f" with at least {self.at_least}" if self.at_least else ""
        return f"a list{least} (each: {self.item.describe()})"

    def example(self) -> Any:
        return [self.item.example()] * max(self.at_least, 1)

    def schema(self, partial: bool = False) -> dict[str, Any]:
        limits = {"minItems": self.at_least, "uniqueItems": self.distinct}
        given = {name: limit for name, limit in limits.items() if limit}
        return {"type": "array", "items": self.item.schema()} | given  # a list is replaced whole, never merged


@dataclass(frozen=True)
class TupleOf(Kind):
    """A list of a fixed length, whose places have kinds of their own."""

    items: tuple[Kind, ...]

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"array"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if not isinstance(value, list | tuple) or len(value) != len(self.items):
            self.refuse(value, path, mistakes)
            return None
        pairs = enumerate(zip(self.items, value, strict=True))
        return _joined([kind.check(item, join(path, index), mistakes) for index, (kind, item) in pairs], tuple)

    def describe(self) -> str:
        return f"a list of {len(self.items)} ({', '.join(kind.describe() for kind in self.items)})"

    def example(self) -> Any:
        return [kind.example() for kind in self.items]

    def schema(self, partial: bool = False) -> dict[str, Any]:
        size = len(self.items)
        places = {"prefixItems": [kind.schema() for kind in self.items]}
        return {"type": "array", "minItems": size, "maxItems": size} | places


@dataclass(frozen=True)
class DictOf(Kind):
    """An object with any keys."""

    item: Kind

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"object"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            self.refuse(value, path, mistakes)
            return None
        checked = {key: self.item.check(item, join(path, key), mistakes) for key, item in value.items()}
        items = {key: item for key, item in checked.items() if item is not None}
        if len(items) < len(checked):
            return None
        plain = {key: item.plain for key, item in items.items()}
        return ValidValue(plain, lambda: {key: item.build() for key, item in items.items()})

    def describe(self) -> str:
        return f"an object (each value: {self.item.describe()})"

    def example(self) -> Any:
        return {"key": self.item.example()}

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.item.schema(partial)}


@dataclass(frozen=True)
class OneOf(Kind):
    """Alternatives; the first that fits is taken."""

    kinds: tuple[Kind, ...]

    @property
    def types(self) -> frozenset[str]:
        return frozenset().union(*(kind.types for kind in self.kinds))

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        found: dict[Kind, list[Mistake]] = {kind: [] for kind in self.kinds}
        for kind in self.kinds:
            checked = kind.check(value, path, found[kind])
            if checked is not None:
                return checked
        meant = [kind for kind in self.kinds if kind.types & {"array", "object"} and json_type(value) in kind.types]
        if len(meant) == 1:
            mistakes += found[meant[0]]
        else:
            self.refuse(value, path, mistakes)
        return None

    def describe(self) -> str:
        return either([kind.describe() for kind in self.kinds])

    def example(self) -> Any:
        return self.kinds[0].example()

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"anyOf": [kind.schema(partial) for kind in self.kinds]}


def _joined(items: list[ValidValue | None], make: type) -> ValidValue | None:
    right = [item for item in items if item is not None]
    if len(right) < len(items):
        return None
    return ValidValue([item.plain for item in right], lambda: make(item.build() for item in right))
