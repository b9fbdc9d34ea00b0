"""The words of a config's metrics."""

from __future__ import annotations

from typing import Any

from utils.config.metric_names import metric_names


def metric_titles(metrics: Any) -> dict[str, str]:
    """The title of each metric of a config by its name in the log: its type, and what is set of it.

    >>> metric_titles(["accuracy", {"type": "top_k_accuracy", "args": {"k": 3}}, {"type": "r2", "args": {}}])
    {'accuracy': 'accuracy', 'top_k_accuracy': 'top_k_accuracy (k = 3)', 'r2': 'r2'}
    """
    try:
        return {name: _title(metric) for name, metric in zip(metric_names(metrics or []), metrics or [], strict=True)}
    except (AttributeError, KeyError, TypeError):  # a config that was changed by hand
        return {}


def _title(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    set_args = {
        name: value for name, value in metric.get("args", {}).items() if value is not None and value is not False
    }
    said = [f"{name} = {value}" for name, value in set_args.items()]
    return str(metric["type"]) + (f" ({', '.join(said)})" if said else "")
