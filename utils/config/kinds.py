"""Kinds of config values: each checks a value, describes itself, and gives its JSON Schema."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from utils.config.messages import Mistake, hint, shown


@dataclass(frozen=True)
class ValidValue:
    """A value without mistakes: its plain form with all defaults filled in, and a function that builds its object."""

    plain: Any
    build: Callable[[], Any]


class Kind(ABC):
    """The values that a key of a config may hold, read off the annotation of an argument."""

    @property
    @abstractmethod
    def types(self) -> frozenset[str]:
        """The JSON types that a value may have."""

    @abstractmethod
    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        """Check the value and everything nested in it; None where mistakes were added to the list."""

    @abstractmethod
    def describe(self) -> str:
        """The kind in words, such as "a whole number of at least 1"."""

    @abstractmethod
    def example(self) -> Any:
        """A plain value of this kind."""

    @abstractmethod
    def schema(self, partial: bool = False) -> dict[str, Any]:
        """The kind as JSON Schema; `partial` requires no keys, for a config that extends another."""

    def refuse(self, value: Any, path: str, mistakes: list[Mistake]) -> None:
        """Add the mistake that a value is not of this kind."""
        text = f"expected {self.describe()}, got {shown(value)}{hint(value, self.types)}"
        mistakes.append(Mistake(path, text))


def leaf(value: Any) -> ValidValue:
    """A value that stands for itself."""
    return ValidValue(value, lambda: value)
