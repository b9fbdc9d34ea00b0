"""JSON and YAML, read strictly: no key twice, no infinities, nothing but plain values."""

import json
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from utils.config.limits import MOST_VALUES
from utils.config.messages import cut


def parse_json(text: str) -> Any:
    """The value that a JSON text holds. Raises ValueError where it is not JSON."""
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_reject_constant, parse_float=_finite)


def parse_yaml(text: str) -> Any:
    """The value that a YAML text holds. Raises ValueError where it is not YAML, or uses more of YAML than JSON has, and
    RecursionError where it is nested too deeply.

    Scalars are read by the rules of YAML 1.2, so that 1e-4 is a number, and `no` and 2024-01-01 are texts.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        if "maximum nesting depth" in str(error.problem):
            raise RecursionError from error
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1} column {mark.column + 1}: " if mark else ""
        raise ValueError(where + ", ".join(filter(None, [error.context, error.problem]))) from error
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"the key {cut(repr(key), 80)} is there twice")
        values[key] = value
    return values


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that a config may hold")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large for a number")
    return number


# libyaml's parser is some fifteen times as fast as the one in Python; PyYAML's wheels have it.
if TYPE_CHECKING or not yaml.__with_libyaml__:  # noqa: SIM108 - of two classes mypy takes no choice
    _Base = yaml.SafeLoader
else:
    _Base = yaml.CSafeLoader


class _Loader(_Base):
    """Plain values only: of SafeLoader's tags, those that JSON has; a tag that names anything else is refused."""

    yaml_constructors = {}  # noqa: RUF012
    yaml_implicit_resolvers = {}  # noqa: RUF012
    _values = 0

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The tag of a value; raises YAMLError at once where there are more than a config may hold."""
        self._values += 1
        if self._values > 2 * MOST_VALUES:  # keys are counted here too
            raise yaml.YAMLError(f"it holds more than {MOST_VALUES} values")
        return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]


def _mapping(loader: _Loader, node: yaml.Node) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise yaml.constructor.ConstructorError(None, None, "expected keys and values", node.start_mark)
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) or key in values:
            problem = f"the key {key!r} is there twice" if isinstance(key, str) else "a key must be text"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        values[key] = loader.construct_object(value_node, deep=True)
    return values


def _sequence(loader: _Loader, node: yaml.Node) -> list[Any]:
    return list(loader.construct_sequence(node, deep=True))  # type: ignore[arg-type]


def _scalar(loader: _Loader, node: yaml.Node) -> str:
    return str(loader.construct_scalar(node))  # type: ignore[arg-type]


def _constructor(make: Callable[[str], Any]) -> Callable[[_Loader, yaml.Node], Any]:
    return lambda loader, node: make(_scalar(loader, node))


_SCALARS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "null": ("~|null|Null|NULL|", lambda text: None),
    "bool": ("true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    "int": ("[-+]?[0-9]+", int),
    "float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", _finite),
}

_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _sequence)
_Loader.add_constructor("tag:yaml.org,2002:str", _scalar)
_Loader.add_constructor(None, yaml.SafeLoader.construct_undefined)  # type: ignore[type-var]
for _name, (_regex, _make) in _SCALARS.items():
    _tag = f"tag:yaml.org,2002:{_name}"
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_regex})$"), None)
    _Loader.add_constructor(_tag, _constructor(_make))
