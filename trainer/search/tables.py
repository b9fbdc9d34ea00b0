"""results.csv, results.md and best_config.json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from logger.comparison.differences import short_names
from logger.console import duration
from logger.figures import figure_text
from trainer.search.plan import SearchPlan
from trainer.search.results import Result, best_of
from utils.files import replace_text

_MOST_ROWS = 20
PICTURES = {
    "history": "Results in the order of their settings, and the best so far",
    "importance": "How much of the differences between results each key explains, of those that all settings have",
    "parallel": "Each setting as a line, the best the darkest",
    "heat_map": "The two keys that matter most",
}


def write_tables(plan: SearchPlan, results: Sequence[Result]) -> None:
    """Write all three, best_config.json where there is a best. Raises WriteError."""
    replace_text(plan.folder / "results.csv", _csv(plan, results))
    replace_text(plan.folder / "results.md", _markdown(plan, results))
    best = best_of(results, plan.mode)
    if best is not None:
        config = plan.best(plan.space.values(best.params)).resolved
        replace_text(plan.folder / "best_config.json", json.dumps(config, indent=2) + "\n")


def setting_text(plan: SearchPlan, params: dict[str, Any]) -> str:
    """A setting in one line, by as much of its keys as tells them apart."""
    short = short_names(list(plan.space.axes()))
    return ", ".join(f"{short[name]} {_cell(value)}" for name, value in params.items())


def result_text(result: Result) -> str:
    """The result of a setting as text."""
    value = "" if result.value is None else figure_text(result.value)
    deviation = "" if result.deviation is None else f" ± {figure_text(result.deviation)}"
    return f"{value}{deviation}" if result.state == "done" else f"{result.state} {value}".strip()


def _csv(plan: SearchPlan, results: Sequence[Result]) -> str:
    names = list(plan.space.axes())
    seeds = [f"seed {seed}" for seed in plan.seeds]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["setting", "state", plan.metric, "deviation", *seeds, "seconds", "runs", *names, "message"])
    for one in results:
        by_seed = [*one.results, *[None] * (len(seeds) - len(one.results))]
        cells = [one.setting, one.state, one.value, one.deviation, *by_seed, f"{one.seconds:.1f}", " ".join(one.runs)]
        writer.writerow([*cells, *(one.params.get(name) for name in names), one.message])
    return text.getvalue()


def _markdown(plan: SearchPlan, results: Sequence[Result]) -> str:
    best = best_of(results, plan.mode)
    sign = -1 if plan.mode == "max" else 1
    done = sorted((one for one in results if one.state == "done"), key=lambda one: sign * (one.value or 0.0))
    others = [one for one in results if one.state != "done"]
    pictures = [f"![{text}]({name}.png)" for name, text in PICTURES.items() if (plan.folder / f"{name}.png").is_file()]
    return "\n\n".join(
        [f"# Search {plan.settings.name}", _summary(plan, results, best), _table(plan, [*done, *others]), *pictures, ""]
    )


def _summary(plan: SearchPlan, results: Sequence[Result], best: Result | None) -> str:
    counts = [(state, sum(one.state == state for one in results)) for state in ("done", "pruned", "diverged", "failed")]
    ended = ", ".join(f"{count} {state}" for state, count in counts if count) or "none"
    seeds = ", ".join(map(str, plan.seeds))
    spent = duration(sum(one.seconds for one in results))
    goal = f"Goal: {plan.mode} {plan.metric}, the best epoch of each run; seeds {seeds}."
    first = f"{goal} Trials: {ended}, {spent} in all."
    if best is None:
        return f"{first}\n\nNone was trained to its end."
    fixed = f" In trials only: `{json.dumps(plan.plain['overrides'])}`." if plan.plain["overrides"] else ""
    return (
        f"{first}{fixed}\n\nBest: setting {best.setting}, {plan.metric} {result_text(best)}; to train it: "
        f"`python train.py -c {plan.folder / 'best_config.json'}`"
    )


def _table(plan: SearchPlan, results: Sequence[Result]) -> str:
    names = list(plan.space.axes())
    rows = [["setting", plan.metric, *names, "time"], ["---:"] * 2 + ["---"] * len(names) + ["---:"]]
    for one in results[:_MOST_ROWS]:
        cells = [_cell(one.params[name]) if name in one.params else "" for name in names]
        rows.append([str(one.setting), result_text(one), *cells, duration(one.seconds)])
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    more = f"\n\nThe other {len(results) - _MOST_ROWS} are in results.csv." if len(results) > _MOST_ROWS else ""
    return "\n".join(lines) + more


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
