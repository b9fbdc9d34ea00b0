"""Differences between the configs of runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ABSENT, UNKNOWN = "-", "?"

# They say how a run is carried out and shown, and change nothing of its result.
_MINOR = tuple(
    f"trainer.{key}"
    for key in (
        *("save_period", "keep_last", "checkpoint_every_steps", "checkpoint_every_minutes"),
        *("threads", "tsne", "pictures", "report", "tensorboard", "log_test"),
    )
)
_NOT_SHOWN = ("$schema", "name", "trainer.save_dir", "trainer.verbosity")  # the name stands beside the run
_PATH = re.compile(r"(^|[._])(path|dir|file)$")  # the ends of keys of paths, which say where data lie
_LONGEST_LABEL, _LONGEST_VALUE = 44, 18

Differences = dict[str, list[str]]


def differences(configs: Sequence[Mapping[str, Any]]) -> Differences:
    """The key paths in which configs differ, each with the value in every config, as text.

    Paths that end in the same name are no difference: where data lie changes nothing.

    Those that all have come first, and last those that change nothing of the result. A key that a config does not have
    is "-"; all those of a config that is empty are "?", and do not count.

    >>> differences([{"seed": 1, "optimizer": {"args": {"lr": 0.1}}}, {"seed": 1, "optimizer": {"args": {"lr": 0.2}}}])
    {'optimizer.args.lr': ['0.1', '0.2']}
    """
    flat = [dict(_leaves(config, "")) for config in configs]
    keys = dict.fromkeys(key for leaves in flat for key in leaves if key not in _NOT_SHOWN)
    table = {key: [leaves.get(key, ABSENT) if leaves else UNKNOWN for leaves in flat] for key in keys}
    told = {key: {_told(key, value) for value in values} - {UNKNOWN} for key, values in table.items()}
    differing = {key: values for key, values in table.items() if len(told[key]) > 1}
    return dict(sorted(_without_nulls(differing).items(), key=lambda item: (_is_minor(item[0]), ABSENT in item[1])))


def short_names(keys: Sequence[str]) -> dict[str, str]:
    """Each key path by its last parts, as many as tell it from the others.

    >>> short_names(["optimizer.args.lr", "optimizer.type", "arch.args.layers.0.args.p"])
    {'optimizer.args.lr': 'lr', 'optimizer.type': 'optimizer', 'arch.args.layers.0.args.p': 'p'}
    """
    parts = {key: [part for part in key.split(".") if part not in ("args", "type")] or [key] for key in keys}
    return {key: _shortest(key, parts) for key in keys}


def labels(names: Sequence[str], run_ids: Sequence[str], differing: Differences) -> list[str]:
    """A few words for each run that tell it from the others: what differs, else its name."""
    short = short_names(list(differing))
    words: list[list[str]] = [[name] if len(set(names)) > 1 else [] for name in names]
    for key, values in differing.items():
        if _is_minor(key) or {ABSENT, UNKNOWN} & {*values}:
            continue
        for line, value in zip(words, values, strict=True):
            word = _cut(value) if key.endswith(".type") else f"{short[key]} {_cut(value)}"
            line.append(word)
    texts = [_joined(line) for line in words]
    return [
        text if text and texts.count(text) == 1 else f"{text}, {run_id}" if text else run_id
        for text, run_id in zip(texts, run_ids, strict=True)
    ]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The values of a config by their paths; a list is one value unless it holds objects."""
    if isinstance(value, dict) and value:
        items = list(value.items())
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        items = [(str(index), item) for index, item in enumerate(value)]
    elif path:
        yield path, _text(value)
        return
    else:
        return
    for key, item in items:
        yield from _leaves(item, f"{path}.{key}" if path else key)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # 1.0 and 1 are no difference
    return json.dumps(value, ensure_ascii=False)


def _without_nulls(differing: Differences) -> Differences:
    """Leave out keys that are null here and an object there, whose own keys say so already."""
    return {
        key: values
        for key, values in differing.items()
        if not ({*values} <= {"null", ABSENT, UNKNOWN} and any(other.startswith(f"{key}.") for other in differing))
    }


def _told(key: str, value: str) -> str:
    """The part of a value that counts: of a path its last name."""
    return re.split(r"[/\\]", value.rstrip("/\\"))[-1] if _PATH.search(key) else value


def _is_minor(key: str) -> bool:
    return any(key == minor or key.startswith(f"{minor}.") for minor in _MINOR)


def _shortest(key: str, parts: Mapping[str, Sequence[str]]) -> str:
    own = parts[key]
    for count in range(1, len(own) + 1):
        end = own[-count:]
        if not end[0].isdigit() and sum(other[-count:] == end for other in parts.values()) == 1:
            return ".".join(end)
    return key


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"


def _joined(words: Sequence[str]) -> str:
    """As many words as a label may hold."""
    text = ""
    for word in words:
        longer = f"{text}, {word}" if text else word
        if len(longer) > _LONGEST_LABEL and text:
            break
        text = longer
    return text
