"""Sections of a config as parameters of an estimator, whose arguments have names such as `optimizer__lr`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def arguments_in(section: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The names and values of all arguments that a section gives, at any depth.

    >>> dict(arguments_in({"type": "SGD", "args": {"lr": 0.1}}, "optimizer"))
    {'optimizer__lr': 0.1}
    """
    held = section.get("args") if isinstance(section, Mapping) and "type" in section else section
    places = held.items() if isinstance(held, Mapping) else enumerate(held) if isinstance(held, list | tuple) else ()
    for key, value in places:
        path = f"{name}__{key}"
        yield path, value
        yield from arguments_in(value, path)


def with_argument(section: Any, path: Sequence[str], value: Any) -> Any:
    """A copy of a section in which the argument at a path has a value. Raises ValueError where there is no such place.

    >>> with_argument("SGD", ["lr"], 0.1)
    {'type': 'SGD', 'args': {'lr': 0.1}}
    """
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(section, str):
        section = {"type": section}
    if isinstance(section, Mapping):
        if "type" in section:
            return {**section, "args": with_argument(section.get("args") or {}, path, value)}
        return {**section, name: with_argument(section.get(name), rest, value)}
    if isinstance(section, list | tuple) and name.isdecimal() and int(name) < len(section):
        place = int(name)
        return [*section[:place], with_argument(section[place], rest, value), *section[place + 1 :]]
    raise ValueError(f"there is no {name!r} in {section!r}; give the type that it is an argument of first")


def sized_arch(arch: Any, features: int, outputs: int, hidden: Sequence[int] = (100,)) -> Any:
    """The network's section with what it leaves to the data: `layer_sizes` of an MLP, or null at their ends, and
    the number of `classes` of a CNN or a ResNet.

    >>> sized_arch({"type": "MLP", "args": {"layer_sizes": [None, 20, None]}}, 4, 3)
    {'type': 'MLP', 'args': {'layer_sizes': [4, 20, 3]}}
    """
    kind, args = (arch.get("type"), arch.get("args") or {}) if isinstance(arch, Mapping) else (arch, {})
    if not isinstance(args, Mapping):  # which the config's check tells
        return arch
    if kind == "MLP":
        sizes = args.get("layer_sizes") or [None, *hidden, None]
        if not isinstance(sizes, list | tuple):
            return arch
        ends = [features if sizes[0] is None else sizes[0], outputs if sizes[-1] is None else sizes[-1]]
        return {"type": kind, "args": {**args, "layer_sizes": [ends[0], *sizes[1:-1], ends[1]]}}
    if kind in ("CNN", "ResNet"):
        return {"type": kind, "args": {"classes": outputs, **args}}
    return arch
