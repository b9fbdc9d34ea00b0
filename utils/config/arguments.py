"""The arguments of something that a config can make, and the check of an object that gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base.errors import ConfigError
from utils.config.kinds import Kind, ValidValue
from utils.config.messages import Mistake, join, shown, unknown

REQUIRED = object()


@dataclass(frozen=True)
class Argument:
    """One argument: whose it is, what it may be, its plain default (or REQUIRED), and what it is for."""

    owner: str
    name: str
    kind: Kind
    default: Any
    text: str

    @property
    def is_required(self) -> bool:
        """True if a config must give it."""
        return self.default is REQUIRED

    def checked_default(self) -> ValidValue:
        """The default as a config would say it. Raises ConfigError where it breaks its own annotation."""
        mistakes: list[Mistake] = []
        checked = self.kind.check(self.default, "", mistakes)
        if checked is None:
            reasons = "; ".join(map(str, mistakes))
            raise ConfigError(f"{self.owner}: the default of argument {self.name!r} is not what it may be: {reasons}")
        return checked

    def schema(self, partial: bool) -> dict[str, Any]:
        """The argument as JSON Schema, with its text and its default."""
        text = {"description": self.text} if self.text else {}
        default = {} if self.is_required else {"default": self.checked_default().plain}
        return self.kind.schema(partial) | text | default


Arguments = Mapping[str, Argument]


def check_arguments(arguments: Arguments, given: Any, path: str, mistakes: list[Mistake]) -> dict[str, ValidValue]:
    """The arguments that are right, given or by default; mistakes are added for missing and wrong ones."""
    checked: dict[str, ValidValue] = {}
    for name, argument in arguments.items():
        if name not in given and argument.is_required:
            mistakes.append(Mistake(join(path, name), _missing(argument)))
            continue
        default = name not in given
        one = argument.checked_default() if default else argument.kind.check(given[name], join(path, name), mistakes)
        if one is not None:
            checked[name] = one
    return checked


def check_names(
    arguments: Arguments, given: Any, path: str, mistakes: list[Mistake], complaint: str, listed_as: str
) -> None:
    """Add a mistake for every key that is no argument."""
    for key in given:
        if key not in arguments:
            text = unknown(f"{complaint} {str(key)!r}", str(key), list(arguments), listed_as)
            mistakes.append(Mistake(join(path, key), text))


def arguments_schema(arguments: Arguments, partial: bool) -> dict[str, Any]:
    """The object that gives these arguments as JSON Schema."""
    required = [name for name, argument in arguments.items() if argument.is_required and not partial]
    properties = {name: argument.schema(partial) for name, argument in arguments.items()}
    demand = {"required": required} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False} | demand


def example_arguments(arguments: Arguments) -> dict[str, Any]:
    """Plain values for the arguments that must be given."""
    return {name: argument.kind.example() for name, argument in arguments.items() if argument.is_required}


def _missing(argument: Argument) -> str:
    purpose = argument.text.rstrip(".") or f"expected {argument.kind.describe()}"
    example = shown({argument.name: argument.kind.example()}, longest=200)[1:-1]
    return f"is missing: {purpose}; for example {example}"
