"""Kinds of values: check, description and making."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from utils.config.messages import Mistake, hint, shown


@dataclass(frozen=True)
class Checked:
    """A value found right: its plain form with every default filled in, and how to make what it stands for."""

    plain: Any
    build: Callable[[], Any]


class Kind(ABC):
    """The values that a key of a config may hold, read off the annotation of an argument."""

    @property
    @abstractmethod
    def types(self) -> frozenset[str]:
        """The JSON types that a value may have."""

    @abstractmethod
    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> Checked | None:
        """The value, checked at every depth; None where mistakes were added."""

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


def leaf(value: Any) -> Checked:
    """A value that stands for itself."""
    return Checked(value, lambda: value)
