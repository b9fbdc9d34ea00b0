"""Changes to a config from the command line: --set KEY.PATH=VALUE."""

from collections.abc import Iterable, Sequence
from typing import Any

from base.errors import ConfigError
from utils.config.json_yaml import parse_json
from utils.config.messages import shown

SHORT_FLAGS = {
    "lr": "optimizer.args.lr",
    "bs": "data_loader.args.batch_size",
    "epochs": "trainer.epochs",
    "seed": "seed",
}


def override(config: dict[str, Any], assignments: Sequence[str]) -> dict[str, Any]:
    """A config with "KEY.PATH=VALUE" assignments made in order; the one given is left as it is.

    VALUE is JSON, else text. Another type of a component leaves out the arguments of the one before, as `extends`
    does, and keeps those that earlier assignments gave. Raises ConfigError for an assignment that cannot be made.

    >>> override({"optimizer": "SGD"}, ["optimizer.args.lr=0.1"])
    {'optimizer': {'type': 'SGD', 'args': {'lr': 0.1}}}
    >>> override({"optimizer": {"type": "SGD", "args": {"momentum": 0.9}}}, ["optimizer.type=Adam"])
    {'optimizer': {'type': 'Adam'}}
    """
    changed: dict[str, Any] = config
    made: list[tuple[str, Any, str]] = []
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        where = f"--set {assignment}"
        if not equals or not all(path.split(".")):
            raise ConfigError(f"{where}: expected KEY.PATH=VALUE, such as optimizer.args.lr=0.1")
        made.append((path, _value(text, where), where))
        changed = assign(changed, *made[-1])
        owner, _, key = path.rpartition(".")
        if key == "type":
            for earlier in made[:-1]:
                if earlier[0].startswith(f"{owner}.args."):
                    changed = assign(changed, *earlier)
    return changed


def assign(config: dict[str, Any], path: str, value: Any, where: str) -> dict[str, Any]:
    """A copy of a config with a value at a key path; another type leaves out the arguments of the one before.

    Raises ConfigError, which begins with `where`, if the path leads nowhere.

    >>> assign({"optimizer": {"type": "SGD", "args": {}}}, "optimizer.args.lr", 0.1, "space")
    {'optimizer': {'type': 'SGD', 'args': {'lr': 0.1}}}
    """
    changed: dict[str, Any] = _replaced(config, path.split("."), value, where)
    return changed


def types_first(paths: Iterable[str]) -> list[str]:
    """Key paths in an order in which no type leaves out arguments that another path gives."""
    return sorted(paths, key=lambda path: not path.endswith(".type"))


def _value(text: str, where: str) -> Any:
    try:
        return parse_json(text)
    except (ValueError, RecursionError) as error:
        if text[:1] + text[-1:] in ("{}", "[]"):  # of JSON, from which the shell has taken the quotes
            raise ConfigError(
                f"{where}: {error or 'is nested too deeply'}; a shell takes double quotes away, so put single ones "
                f"around the whole: --set '{where.removeprefix('--set ').partition('=')[0]}=...'"
            ) from None
        return text


def _replaced(node: Any, keys: Sequence[str], value: Any, where: str) -> Any:
    """A copy of a part of the config in which the place that the keys lead to holds the value."""
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(node, list):
        index = _index(node, key, where)
        return [*node[:index], _replaced(node[index], rest, value, where), *node[index + 1 :]]
    if isinstance(node, str) and key in ("type", "args"):
        node = {"type": node}
    if node is not None and not isinstance(node, dict):
        raise ConfigError(f"{where}: {key!r} would have to be a key of {shown(node)}, which has no keys")
    node = node or {}
    if keys == ["type"] and node.get("type", value) != value:
        return {"type": value}
    return node | {key: _replaced(node.get(key), rest, value, where)}


def _index(items: list[Any], key: str, where: str) -> int:
    if not key.isdecimal() or int(key) >= len(items):
        allowed = f"an index from 0 to {len(items) - 1}" if items else "nothing, because the list is empty"
        raise ConfigError(f"{where}: expected {allowed}, got {key!r}; to replace the whole list, assign [...] to it")
    return int(key)
