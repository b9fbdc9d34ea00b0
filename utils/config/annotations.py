"""From annotations to kinds: what a config may say is read off the signatures of what it makes."""

import dataclasses
import inspect
from collections.abc import Mapping
from functools import cache
from types import FunctionType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from base.constraints import Distinct, Example, IsPath, Length, Pattern, Range
from base.errors import ConfigError
from utils.config.arguments import REQUIRED, Argument, Arguments
from utils.config.composites import Component, ObjectOf
from utils.config.containers import DictOf, ListOf, OneOf, TupleOf
from utils.config.docs import argument_texts
from utils.config.kinds import Kind
from utils.config.registry import FAMILIES, Target, type_name
from utils.config.scalars import Anything, Enum, Integer, Number, String

PLAIN: Mapping[Any, Kind] = {
    int: Integer(),
    float: Number(),
    str: String(),
    bool: Enum((True, False)),
    Any: Anything(),
    None: Enum((None,)),
    NoneType: Enum((None,)),
}


def kind_of(annotation: Any) -> Kind:
    """The kind that an annotation stands for. Raises TypeError for one that a config cannot express."""
    if isinstance(annotation, type) and annotation in FAMILIES:
        return Component(annotation, arguments_of)
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return ObjectOf(annotation, arguments_of)
    if get_origin(annotation) is not None:
        return _generic(get_origin(annotation), get_args(annotation))
    if annotation in PLAIN:
        return PLAIN[annotation]
    raise TypeError(f"a config cannot hold {annotation!r}")


@cache
def arguments_of(target: Target) -> Arguments:
    """The arguments of a component or record. Raises ConfigError, naming it, for one that a config cannot give."""
    hints, texts = _hints(target), argument_texts(target)
    return {
        parameter.name: Argument(
            type_name(target),
            parameter.name,
            _kind(target, parameter, hints),
            _default(target, parameter),
            texts.get(parameter.name, ""),
        )
        for parameter in _parameters(target)
    }


def _generic(origin: Any, args: tuple[Any, ...]) -> Kind:
    if origin is Annotated:
        return _constrained(kind_of(args[0]), args[1:])
    if origin is Literal:
        return Enum(args)
    if origin in (Union, UnionType):
        return OneOf(tuple(map(kind_of, args)))
    if origin is list:
        return ListOf(kind_of(args[0]))
    if origin is tuple and args[1:] == (...,):
        return ListOf(kind_of(args[0]), make=tuple)
    if origin is tuple:
        return TupleOf(tuple(map(kind_of, args)))
    if origin is dict and args[0] is str:
        return DictOf(kind_of(args[1]))
    raise TypeError(f"a config cannot hold {origin!r}")


def _constrained(kind: Kind, constraints: tuple[Any, ...]) -> Kind:
    for constraint in constraints:
        if isinstance(kind, Integer | Number) and isinstance(constraint, Range):
            narrower = {name: bound for name, bound in vars(constraint).items() if bound is not None}
            kind = dataclasses.replace(kind, bounds=dataclasses.replace(kind.bounds, **narrower))
        elif isinstance(kind, Integer) and isinstance(constraint, Example):
            kind = dataclasses.replace(kind, usual=constraint.value)
        elif isinstance(kind, ListOf) and isinstance(constraint, Length):
            kind = dataclasses.replace(kind, at_least=constraint.at_least)
        elif isinstance(kind, ListOf) and isinstance(constraint, Distinct):
            kind = dataclasses.replace(kind, distinct=True)
        elif isinstance(kind, String) and isinstance(constraint, Pattern):
            kind = dataclasses.replace(kind, pattern=constraint)
        elif isinstance(kind, String) and isinstance(constraint, IsPath):
            kind = dataclasses.replace(kind, is_path=True)
        else:
            raise TypeError(f"{constraint!r} says nothing about {kind.describe()}")
    return kind


def _hints(target: Target) -> dict[str, Any]:
    function = target.__init__ if isinstance(target, type) else target  # type: ignore[misc]
    try:
        return get_type_hints(function, include_extras=True)
    except NameError as error:
        raise ConfigError(f"{_full_name(target)}: an annotation cannot be read: {error}") from error


def _parameters(target: Target) -> list[inspect.Parameter]:
    parameters = list(inspect.signature(target).parameters.values())
    return parameters[2:] if isinstance(target, FunctionType) else parameters  # a metric's output and target


def _kind(target: Target, parameter: inspect.Parameter, hints: Mapping[str, Any]) -> Kind:
    where = f"{_full_name(target)}: argument {parameter.name!r}"
    if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
        raise ConfigError(f"{where} cannot be given by name, so no config can give it")
    if parameter.name not in hints:
        raise ConfigError(f"{where} has no annotation, so it is not known what a config may give it")
    try:
        return kind_of(hints[parameter.name])
    except TypeError as error:
        raise ConfigError(f"{where}: {error}") from error


def _default(target: Target, parameter: inspect.Parameter) -> Any:
    if dataclasses.is_dataclass(target):
        factory = {field.name: field.default_factory for field in dataclasses.fields(target)}[parameter.name]
        if factory is not dataclasses.MISSING:
            return _plain(factory())
    return REQUIRED if parameter.default is parameter.empty else _plain(parameter.default)


def _plain(default: Any) -> Any:
    """A default as a config would say it; components must keep their arguments under the arguments' names."""
    if isinstance(default, list | tuple):
        return [_plain(item) for item in default]
    if isinstance(default, dict):
        return {key: _plain(item) for key, item in default.items()}
    if isinstance(default, tuple(FAMILIES)):
        args = _kept_arguments(default)
        return {"type": type_name(type(default)), "args": args} if args else type_name(type(default))
    if dataclasses.is_dataclass(default):
        return _kept_arguments(default)
    return default


def _kept_arguments(instance: Any) -> dict[str, Any]:
    target: Target = type(instance)
    names = list(arguments_of(target))
    lost = [name for name in names if not hasattr(instance, name)]
    if lost:
        problem = f"is used as a default, but does not keep its argument {lost[0]!r} as an attribute"
        raise ConfigError(f"{_full_name(target)} {problem}")
    return {name: _plain(getattr(instance, name)) for name in names}


def _full_name(target: Target) -> str:
    return f"{target.__module__}.{target.__name__}"
