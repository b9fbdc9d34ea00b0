"""JSON and YAML, read strictly: no key twice, no infinities, nothing but plain values."""

import json
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from utils.config.json_slips import json_mistake, place_of, place_of_repeated_key
from utils.config.limits import MOST_VALUES
from utils.config.messages import cut
from utils.config.yaml_slips import yaml_mistake


def parse_json(text: str) -> Any:
    """The value that a JSON text holds. Raises ValueError where it is not JSON."""
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_constant=_reject_constant, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise ValueError(json_mistake(text, error)) from error
    except _KeyTwiceError as error:
        raise ValueError(f"{place_of_repeated_key(text, error.key)}: {error}") from error
    except _NumberError as error:
        raise ValueError(f"{place_of(text, error.number)}: {error}") from error


def parse_yaml(text: str) -> Any:
    """The value that a YAML text holds, with its merge keys (<<) read.

    Raises ValueError where it is not YAML, or uses more of YAML than JSON has, and RecursionError where it is nested
    too deeply.

    Scalars are read by the rules of YAML 1.2, so that 1e-4 is a number, and `no` and 2024-01-01 are texts.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        if "maximum nesting depth" in str(error.problem):
            raise RecursionError from error
        raise ValueError(yaml_mistake(text, error)) from error
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


class _KeyTwiceError(ValueError):
    """An object has a key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {cut(repr(key), 80)} is there twice; delete one of them")
        self.key = key


class _NumberError(ValueError):
    """No number that a config may hold."""

    def __init__(self, number: str, what: str) -> None:
        super().__init__(f"{cut(number, 40)} {what}")
        self.number = number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _KeyTwiceError(key)
        values[key] = value
    return values


def _reject_constant(name: str) -> NoReturn:
    raise _NumberError(name, "is not a number that a config may hold; for none write null")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # of very many digits
        raise _NumberError(text, "is too large for a number") from None


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _NumberError(text, "is too large for a number")
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

    def count(self, values: int) -> None:
        """Count values; raises YAMLError at once where there are more than a config may hold."""
        self._values += values
        if self._values > 2 * MOST_VALUES:  # keys are counted here too
            raise yaml.YAMLError(f"it holds more than {MOST_VALUES} values")

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The tag of a value, which is counted."""
        self.count(1)
        return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]


def _mapping(loader: _Loader, node: yaml.Node) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise yaml.constructor.ConstructorError(None, None, "expected keys and values", node.start_mark)
    values: dict[str, Any] = {}
    merged: dict[str, Any] | None = None
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        is_merge = key == "<<" and key_node.style not in ("'", '"')
        if not isinstance(key, str) or key in values or (is_merge and merged is not None):
            problem = f"the key {key!r} is there twice" if isinstance(key, str) else "a key must be text"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        if is_merge:
            merged = _merged(loader, value_node)
        else:
            values[key] = loader.construct_object(value_node, deep=True)
    return (merged or {}) | values


def _merged(loader: _Loader, node: yaml.Node) -> dict[str, Any]:
    """The entries that the key << takes from another object, or from a list of them, of which the first counts most."""
    given = loader.construct_object(node, deep=True)
    merged: dict[str, Any] = {}
    for part in given if isinstance(given, list) else [given]:
        if not isinstance(part, dict):
            problem = "<< takes the keys of an object, such as *name, or of a list of them"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        loader.count(len(part))
        merged = part | merged
    return merged


def _sequence(loader: _Loader, node: yaml.Node) -> list[Any]:
    return list(loader.construct_sequence(node, deep=True))  # type: ignore[arg-type]


def _scalar(loader: _Loader, node: yaml.Node) -> str:
    return str(loader.construct_scalar(node))  # type: ignore[arg-type]


def _constructor(make: Callable[[str], Any]) -> Callable[[_Loader, yaml.Node], Any]:
    def construct(loader: _Loader, node: yaml.Node) -> Any:
        try:
            return make(_scalar(loader, node))
        except ValueError as error:
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error

    return construct


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
