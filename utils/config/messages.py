"""The wording that all messages about a config share."""

import difflib
import json
import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LARGEST = 2**63 - 1  # what NumPy's integers hold
MOST_MISTAKES, LONGEST_MISTAKE = 100, 2000  # that anybody reads
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}

SYNONYMS = {  # of other programs
    "patience": "early_stop", "num_workers": "threads", "workers": "threads", "n_epochs": "epochs",
    "num_epochs": "epochs", "max_epochs": "epochs", "learning_rate": "lr", "rate": "lr", "batch": "batch_size",
    "output_dir": "save_dir", "log_dir": "save_dir", "min": "low", "max": "high", "values": "choices",
    "val_split": "validation_split", "wd": "weight_decay", "model": "arch", "network": "arch", "dataset": "data_loader",
    "criterion": "loss", "scheduler": "lr_scheduler", "metric": "metrics", "padding_size": "padding",
    "filters": "out_channels", "units": "out_features", "hidden": "hidden_sizes", "callback": "callbacks",
}  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """Something wrong in a config: where, as it can be pasted after --set, and what."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


def report(source: str, mistakes: Sequence[Mistake]) -> str:
    """All mistakes of one config as one text, a line each; of very many only the first."""
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    lines = [cut(str(mistake), LONGEST_MISTAKE) for mistake in mistakes[:MOST_MISTAKES]]
    more = [f"... and {len(mistakes) - MOST_MISTAKES} more"] if len(mistakes) > MOST_MISTAKES else []
    return "\n  ".join([f"{source}: {count}", *lines, *more])


def cut(text: str, longest: int) -> str:
    """A text, or its beginning where it is longer."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def join(path: str, key: object) -> str:
    """The path of a key, or of a list's index, below a path."""
    name = str(key)
    return ".".join(filter(None, [path, name if name.isprintable() and name else shown(name)]))


def shown(value: object, longest: int = 60) -> str:
    """A value as JSON, cut where it is long; safe to print whatever it holds."""
    text = json.dumps(value, ensure_ascii=False, default=repr).encode("utf-8", "backslashreplace").decode()
    return cut(text, longest)


def json_type(value: object) -> str:
    """The name of a plain value's type in JSON Schema; "" where it is none of JSON's."""
    return "null" if value is None else JSON_TYPES.get(type(value), "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, whatever its case, or begins with it; None where none does."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    if SYNONYMS.get(name.lower()) in by_lower:
        return by_lower[SYNONYMS[name.lower()]]
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    begun = [lower for lower in by_lower if len(name) > 2 and lower.startswith(name.lower())]
    return by_lower[(close or begun)[0]] if close or begun else None


def unknown(complaint: str, name: str, known: Collection[str], listed_as: str) -> str:
    """A complaint about a name, with the one that was probably meant and all there are."""
    guess = nearest(name, known)
    advice = f"; did you mean {guess!r}?" if guess else "."
    return f"{complaint}{advice} {listed_as}: {', '.join(known) or 'none'}"


def either(words: Sequence[str]) -> str:
    """Alternatives in a sentence.

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def hint(value: Any, types: Collection[str]) -> str:
    """A guess at the slip in a value where these JSON types are allowed; else nothing."""
    if isinstance(value, str):
        return _hint_for_text(value.strip(), types)
    if isinstance(value, float) and value.is_integer() and "integer" in types and abs(value) < 1e15:
        return f" (write {int(value)})"
    if isinstance(value, int) and abs(value) > LARGEST:
        return " (too large)"
    if isinstance(value, int | float) and "string" in types:
        return " (write it in quotes)"
    return ""


def _hint_for_text(text: str, types: Collection[str]) -> str:
    if "array" in types and text and "{" not in text:
        items = [item.strip() for item in text.strip("[]()").split(",")]
        return f" (write [{', '.join(item if NUMBER.fullmatch(item) else shown(item) for item in items)}])"
    if {"integer", "number"} & set(types) and re.fullmatch(r"-?\d+,\d+", text):
        return f" (write {text.replace(',', '.')})"
    if "boolean" in types and text.lower() in ("true", "false", "yes", "no", "on", "off"):
        return " (write true or false, without quotes)"
    if "null" in types and text.lower() in ("none", "null"):
        return " (write null, without quotes)"
    if "number" in types and re.fullmatch(r"\d{1,2}(\.\d+)?%", text):
        return f" (write {float(text[:-1]) / 100:g})"
    if types == frozenset({"object"}) and re.match(r"\w+:\S", text):
        return " (in YAML a blank stands after a key's colon)"
    if {"integer", "number"} & set(types) and NUMBER.fullmatch(text.rstrip(",")) and text.endswith(","):
        return f" (write {text.rstrip(',')}, without the comma)"
    if {"integer", "number"} & set(types) and NUMBER.fullmatch(text):
        if "e" in text.lower() and math.isinf(float(text)):
            return " (too large for a number)"
        return f" (this is text; write {text} without quotes)"
    return ""
