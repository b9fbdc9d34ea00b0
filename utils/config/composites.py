"""Kinds that become objects: a dataclass with fixed keys, and a component that is named by its type."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial as bind
from types import FunctionType
from typing import Any

from base.base_metric import SampleMean
from base.errors import defect
from utils.config.arguments import (
    Arguments,
    arguments_schema,
    check_arguments,
    check_names,
    example_arguments,
)
from utils.config.docs import summary
from utils.config.kinds import Kind, ValidValue
from utils.config.messages import Mistake, join, shown, unknown
from utils.config.registry import FAMILIES, Family, Target, members, missing_methods, type_name

ArgumentsOf = Callable[[Target], Arguments]


@dataclass(frozen=True)
class ObjectOf(Kind):
    """An object whose keys are the fields of a dataclass, which it becomes."""

    target: type
    arguments_of: ArgumentsOf

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"object"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        if not isinstance(value, dict):
            self.refuse(value, path, mistakes)
            return None
        before = len(mistakes)
        parts = self.sections(value, path, mistakes)
        return self.assemble(parts, path, mistakes) if len(mistakes) == before else None

    def sections(self, value: dict[str, Any], path: str, mistakes: list[Mistake]) -> dict[str, ValidValue]:
        """The valid fields, whatever is wrong with the others."""
        arguments = self.arguments_of(self.target)
        parts = check_arguments(arguments, value, path, mistakes)
        check_names(arguments, value, path, mistakes, "unknown key", "Known")
        return parts

    def assemble(self, parts: dict[str, ValidValue], path: str, mistakes: list[Mistake]) -> ValidValue | None:
        """The dataclass of fields that are all valid; None where its constructor raises."""
        plain = {name: part.plain for name, part in parts.items()}
        return _constructed(self.target, parts, plain, path, mistakes, "")  # a config never says the dataclass's name

    def describe(self) -> str:
        return f"an object with the keys {', '.join(self.arguments_of(self.target))}"

    def example(self) -> Any:
        return example_arguments(self.arguments_of(self.target))

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"description": summary(self.target)} | arguments_schema(self.arguments_of(self.target), partial)


@dataclass(frozen=True)
class Component(Kind):
    """A member of a family: its name, or an object with its type and its args."""

    base: type
    arguments_of: ArgumentsOf

    @property
    def family(self) -> Family:
        """The family that a config chooses from."""
        return FAMILIES[self.base]

    @property
    def types(self) -> frozenset[str]:
        return frozenset({"object", "string"})

    def check(self, value: Any, path: str, mistakes: list[Mistake]) -> ValidValue | None:
        spec = {"type": value} if isinstance(value, str) else value
        named = [name for name in spec if name in members(self.family)] if isinstance(spec, dict) else []
        if isinstance(spec, dict) and list(spec) == named and len(named) == 1:
            meant = shown({"type": named[0]} | ({"args": spec[named[0]]} if spec[named[0]] else {}), 200)
            mistakes.append(Mistake(path, f'a {self.family.noun} stands by its "type": write {meant}'))
            return None
        if not isinstance(spec, dict) or not isinstance(spec.get("type"), str):
            self.refuse(value, path, mistakes)
            return None
        target = self._target(spec["type"], path, mistakes)
        if target is None:
            return None
        before = len(mistakes)
        _check_keys(spec, path, mistakes)
        parts = self._parts(target, spec.get("args", {}), join(path, "args"), mistakes)
        if len(mistakes) > before:
            return None
        args = {name: part.plain for name, part in parts.items()}
        plain = {"type": spec["type"], "args": args} if args else spec["type"]
        return _constructed(target, parts, plain, path, mistakes, f"{type_name(target)} cannot be made: ")

    def _target(self, name: str, path: str, mistakes: list[Mistake]) -> Target | None:
        known = members(self.family)
        if name not in known:
            complaint = f"unknown {self.family.noun} {name!r}"
            if missing := missing_methods(self.family, name):
                mistakes.append(Mistake(path, f"{name} does not define {', '.join(missing)}; see docs/extending.md"))
            else:
                mistakes.append(Mistake(path, unknown(complaint, name, list(known), "Known")))
        return known.get(name)

    def _parts(self, target: Target, args: Any, path: str, mistakes: list[Mistake]) -> dict[str, ValidValue]:
        if not isinstance(args, dict):
            mistakes.append(Mistake(path, f"expected an object with the arguments' names as keys, got {shown(args)}"))
            return {}
        arguments = self.arguments_of(target)
        parts = check_arguments(arguments, args, path, mistakes)
        check_names(arguments, args, path, mistakes, f"{type_name(target)} has no argument", "It takes")
        return parts

    def describe(self) -> str:
        return f'{self.family.one} (its name, or an object with "type" and "args")'

    def example(self) -> Any:
        examples = {name: self.arguments_of(target) for name, target in members(self.family).items()}
        if not examples:
            return self.family.noun
        name = min(examples, key=lambda name: sum(argument.is_required for argument in examples[name].values()))
        args = example_arguments(examples[name])
        return {"type": name, "args": args} if args else name

    def schema(self, partial: bool = False) -> dict[str, Any]:
        return {"$ref": f"#/$defs/{'partial.' if partial else ''}{self.family.label}"}


def _check_keys(spec: dict[str, Any], path: str, mistakes: list[Mistake]) -> None:
    for key in [key for key in spec if key not in ("type", "args")]:
        meant = join(join(path, "args"), key)
        text = f'unknown key {str(key)!r}; beside "type" there is only "args", which holds the arguments: {meant}'
        mistakes.append(Mistake(join(path, key), text))


def _constructed(
    target: Target, parts: dict[str, ValidValue], plain: Any, path: str, mistakes: list[Mistake], lead: str
) -> ValidValue | None:
    """Construct once, so that constructor errors become config mistakes, with `lead` before their text."""
    make = bind(SampleMean, target) if isinstance(target, FunctionType) else target

    def build() -> Any:
        return make(**{name: part.build() for name, part in parts.items()})

    try:
        build()
    except ValueError as error:
        mistakes.append(Mistake(path, f"{lead}{error}"))
        return None
    except Exception as error:  # whatever somebody's constructor does wrong
        owner = target if isinstance(target, type) else None
        mistakes.append(Mistake(path, f"{type_name(target)} cannot be made: {defect(error, owner)}"))
        return None
    return ValidValue(plain, build)
