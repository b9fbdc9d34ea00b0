"""Merging of a config into the one that it extends."""

from typing import Any


def merge(base: Any, change: Any) -> Any:
    """The base with a change laid over it: objects are merged, all else is replaced.

    A component of another type replaces the base's, because the arguments of one type mean nothing to another; a bare
    text counts as a component's type.
    """
    if isinstance(change, str) and isinstance(base, dict) and base.get("type") == change:
        return base
    if isinstance(base, str) and isinstance(change, dict) and change.keys() <= {"type", "args"}:
        base = {"type": base}
    if not isinstance(base, dict) or not isinstance(change, dict) or _types_differ(base, change):
        return change
    return base | {key: merge(base[key], value) if key in base else value for key, value in change.items()}


def _types_differ(base: dict[str, Any], change: dict[str, Any]) -> bool:
    return "type" in base and "type" in change and base["type"] != change["type"]
