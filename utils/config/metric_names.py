"""The figures that a run's log will have: their names, and whether those that the config watches are among them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from base.base_data_loader import BaseDataLoader
from utils.config.kinds import ValidValue
from utils.config.messages import Mistake, join, unknown

RESERVED = ("epoch", "step", "loss", "penalty", "lr", "seconds")


def metric_names(metrics: Sequence[Any]) -> list[str]:
    """The name of each metric (in plain form): its type, and where a type is there twice also what sets it apart.

    >>> metric_names(["accuracy", {"type": "top_k_accuracy", "args": {"k": 3}}])
    ['accuracy', 'top_k_accuracy']
    >>> metric_names([{"type": "top_k_accuracy", "args": {"k": 3}}, {"type": "top_k_accuracy", "args": {"k": 5}}])
    ['top_k_accuracy_k3', 'top_k_accuracy_k5']
    """
    parts = [_parts(metric) for metric in metrics]
    apart = {kind: _differing([args for other, args in parts if other == kind]) for kind in {kind for kind, _ in parts}}
    return [_name(kind, args, apart[kind]) for kind, args in parts]


def metric_mistakes(metrics: Sequence[Any]) -> list[Mistake]:
    """Mistakes of metrics that are each right by themselves: two of the same, or the name of another."""
    mistakes = []
    places: dict[str, int] = {}
    for index, (name, metric) in enumerate(zip(metric_names(metrics), metrics, strict=True)):
        first = places.setdefault(_key(metric), index)
        if first < index:
            mistakes.append(Mistake(join("metrics", index), f"is the same as metrics.{first}; leave one out"))
        elif name in RESERVED:
            mistakes.append(Mistake(join("metrics", index), f"the log has another figure {name!r}; rename the metric"))
    return mistakes


def watching_mistakes(raw: Mapping[str, Any], sections: Mapping[str, ValidValue]) -> list[Mistake]:
    """Mistakes of names of metrics that the log will not have, as far as the other sections are right.

    Figures are watched by `trainer.monitor`, and by each scheduler that has an argument `metric`.
    """
    trainer = raw["trainer"] if isinstance(raw.get("trainer"), dict) else {}
    if "metrics" not in sections:
        return []
    sources = _sources(sections, tested=trainer.get("log_test") is True)
    known = [metric for metric, missing in sources.items() if not missing]
    mistakes = []
    for path, metric in _watched(trainer, sections):
        if metric not in known:
            reason = f" without {sources[metric]}" if metric in sources else ""
            complaint = f"the log will have no figure {metric!r}{reason}"
            mistakes.append(Mistake(path, unknown(complaint, metric, known, "Figures")))
    return mistakes


def _watched(trainer: Mapping[str, Any], sections: Mapping[str, ValidValue]) -> Iterator[tuple[str, str]]:
    """The paths at which the config names a metric, and the names."""
    monitor = trainer.get("monitor")
    named = re.fullmatch(r"(?:min|max) (\S+)", monitor) if isinstance(monitor, str) else None
    if named:
        yield "trainer.monitor", named[1]
    if "lr_scheduler" in sections:
        yield from _figures(sections["lr_scheduler"].plain, "lr_scheduler")


def _figures(plain: Any, path: str) -> Iterator[tuple[str, str]]:
    """The arguments called `metric` of a component and of those within it."""
    items = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in items:
        if key == "figure":
            yield join(path, key), value
        else:
            yield from _figures(value, join(path, key))


def _sources(sections: Mapping[str, ValidValue], tested: bool) -> dict[str, str]:
    """Every figure that a log could have, each with what this config lacks for it, or ""."""
    scores = ["loss", *metric_names(sections["metrics"].plain or [])]
    for_validation = "" if _validates(sections) else "data_loader.args.validation_split"
    for_test = "" if tested else "trainer.log_test"
    for_penalty = "" if _is_regularized(sections) else "a regularizer"
    validation = {f"val_{score}": for_validation for score in scores}
    test = {f"test_{score}": for_test for score in scores}
    return dict.fromkeys(scores, "") | {"penalty": for_penalty} | validation | test | {"lr": ""}


def _is_regularized(sections: Mapping[str, ValidValue]) -> bool:
    return "regularizer" not in sections or sections["regularizer"].plain is not None


def _validates(sections: Mapping[str, ValidValue]) -> bool:
    """True if there will be validation data; arguments that ask for them are called validation_split, _dir, ..."""
    if "data_loader" not in sections:  # it has mistakes of its own, so give it the benefit of the doubt
        return True
    loader = sections["data_loader"].build()
    asked = {name: value for name, value in vars(loader).items() if name.startswith("validation_")}
    has_its_own = len(asked) == 1 and type(loader).read_validation is not BaseDataLoader.read_validation
    return any(asked.values()) or has_its_own or (loader.split is not None and loader.split.by == "fold")


def _parts(component: Any) -> tuple[str, dict[str, Any]]:
    return (component, {}) if isinstance(component, str) else (component["type"], component.get("args", {}))


def _differing(all_args: list[dict[str, Any]]) -> set[str]:
    """The arguments that are not the same in all."""
    names = {name for args in all_args for name in args}
    return {name for name in names if len({_key(args.get(name)) for args in all_args}) > 1}


def _name(kind: str, args: dict[str, Any], apart: set[str]) -> str:
    return "_".join([kind, *(f"{name}{_in_name(args[name])}" for name in args if name in apart)])


def _key(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True)


def _in_name(value: Any) -> str:
    text = re.sub(r"[^\w.+-]+", "-", json.dumps(value)).strip("-")
    return f"_{text}" if isinstance(value, str) else text
