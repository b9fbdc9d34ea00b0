"""The figures that a run's log will have: their names, and which of them `trainer.monitor` may name."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from utils.config.kinds import Checked
from utils.config.words import Mistake, join, unknown

RESERVED = ("epoch", "step", "loss", "penalty", "lr", "seconds")


def metric_names(metrics: Sequence[Any]) -> list[str]:
    """The name of each metric (in plain form): its type, and where a type is there twice also what sets it apart.

    >>> metric_names(["accuracy", {"type": "top_k_accuracy", "args": {"k": 3}}])
    ['accuracy', 'top_k_accuracy']
    >>> metric_names([{"type": "top_k_accuracy", "args": {"k": 3}}, {"type": "top_k_accuracy", "args": {"k": 5}}])
    ['top_k_accuracy_k3', 'top_k_accuracy_k5']
    """
    parts = [_parts(metric) for metric in metrics]
    return [_name(kind, args, [other for name, other in parts if name == kind]) for kind, args in parts]


def metric_mistakes(metrics: Sequence[Any]) -> list[Mistake]:
    """What is wrong with metrics that are each right by themselves: two of the same, or the name of another figure."""
    mistakes = []
    for index, (name, metric) in enumerate(zip(metric_names(metrics), metrics, strict=True)):
        first = metrics.index(metric)
        if first < index:
            mistakes.append(Mistake(join("metrics", index), f"is the same as metrics.{first}; leave one out"))
        elif name in RESERVED:
            mistakes.append(Mistake(join("metrics", index), f"the log has another figure {name!r}; rename the metric"))
    return mistakes


def monitor_mistakes(raw: Mapping[str, Any], sections: Mapping[str, Checked]) -> list[Mistake]:
    """Whether `trainer.monitor` names a figure that the log will have, as far as the other sections are right."""
    trainer = raw.get("trainer")
    if not isinstance(trainer, dict) or not isinstance(trainer.get("monitor"), str) or "metrics" not in sections:
        return []
    wanted = re.fullmatch(r"(?:min|max) (\S+)", trainer["monitor"])
    sources = _sources(sections, tested=trainer.get("log_test") is True)
    known = [figure for figure, missing in sources.items() if not missing]
    if wanted is None or wanted[1] in known:
        return []
    reason = f" without {sources[wanted[1]]}" if wanted[1] in sources else ""
    complaint = f"the log will have no figure {wanted[1]!r}{reason}"
    return [Mistake("trainer.monitor", unknown(complaint, wanted[1], known, "Figures"))]


def _sources(sections: Mapping[str, Checked], tested: bool) -> dict[str, str]:
    """Every figure that a log could have, each with what this config lacks for it, or ""."""
    scores = ["loss", *metric_names(sections["metrics"].plain or [])]
    for_validation = "" if _validates(sections) else "data_loader.args.validation_split"
    for_test = "" if tested else "trainer.log_test"
    for_penalty = "" if _is_regularized(sections) else "a regularizer"
    validation = {f"val_{score}": for_validation for score in scores}
    test = {f"test_{score}": for_test for score in scores}
    return dict.fromkeys(scores, "") | {"penalty": for_penalty} | validation | test | {"lr": ""}


def _is_regularized(sections: Mapping[str, Checked]) -> bool:
    return "regularizer" not in sections or sections["regularizer"].plain is not None


def _validates(sections: Mapping[str, Checked]) -> bool:
    if "data_loader" not in sections:  # it has mistakes of its own, so give it the benefit of the doubt
        return True
    return bool(sections["data_loader"].build().validation_split > 0)  # a loader may fix its own


def _parts(component: Any) -> tuple[str, dict[str, Any]]:
    return (component, {}) if isinstance(component, str) else (component["type"], component.get("args", {}))


def _name(kind: str, args: dict[str, Any], all_args: list[dict[str, Any]]) -> str:
    apart = [name for name in args if any(other.get(name) != args[name] for other in all_args)]
    return "_".join([kind, *(f"{name}{_in_name(args[name])}" for name in apart)])


def _in_name(value: Any) -> str:
    text = re.sub(r"[^\w.+-]+", "-", json.dumps(value)).strip("-")
    return f"_{text}" if isinstance(value, str) else text
