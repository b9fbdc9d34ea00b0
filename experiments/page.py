"""The page of published experiments: each report study by study, with its pictures."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.measured import MeasuredReport
from experiments.pictures import FOLDER, SEARCH_PICTURES, run_picture, search_picture, study_picture
from experiments.searches import Found
from experiments.table import noted, table
from logger.figures import figure_text

_BEST = 5  # settings of a search

_INTRODUCTION = """# Published experiments

Course reports on neural networks written from scratch in NumPy, run again. Each row has the figure that was published,
the same setting here ("here"), and the best that we found for the same architecture in the same number of epochs ("ours
at its best"). The configs are in configs/experiments; this page is written by

```
{command}
```

which trains what is not trained yet and continues what was stopped.
"""
_SEVERAL = """Figures are means over {seeds} seeds, ± half of the 95 % confidence interval of the mean (Student's t).
Differences in **bold** are more than noise: what was published lies outside the 95 % prediction interval of one more
run of ours; the mean differs from that of the study's first row with p < 0.05 in Welch's t-test. Of twenty such tests
one comes out so by chance. Curves and pictures are those of the first seed."""
_ONE = "Each setting was run with one seed, so nothing can be said of noise; `--seeds 3` runs it with three."


def markdown(reports: Sequence[MeasuredReport], command: str) -> str:
    """The page, which shows pictures beside it."""
    seeds = max(len(rows[0].same) for measured in reports for rows in measured.rows)
    words = _SEVERAL.format(seeds=seeds) if seeds > 1 else _ONE
    parts = [_INTRODUCTION.format(command=command), words]
    return "\n\n".join(part.strip() for part in [*parts, *(_report(measured) for measured in reports)]) + "\n"


def _report(measured: MeasuredReport) -> str:
    parts = [f"## {measured.report.title}", measured.report.about]
    for index, (study, rows) in enumerate(measured.studies):
        notes = [f"<sup>{number}</sup> {row.note}" for number, row in noted(rows)]
        picture = f"![{study.name}]({FOLDER}/{study_picture(measured, index)})"
        parts += [f"### {study.name}", table(measured, rows), *notes, study.text, picture]
    for shown in measured.report.pictures:
        parts.append(f"{shown.text}\n![{shown.text}]({FOLDER}/{run_picture(measured, shown.config, shown.picture)})")
    parts += _search(measured, measured.found) if measured.found else []
    return "\n\n".join(part.strip() for part in parts if part)


def _search(measured: MeasuredReport, found: Found) -> list[str]:
    lines = [f"| place | {' | '.join(found.keys)} | {found.metric} |", "|---:" * (len(found.keys) + 2) + "|"]
    place = found.published_place
    shown = [*range(1, min(_BEST, len(found.rows)) + 1), *([place] if place and place > _BEST else [])]
    for number in shown:
        row = found.rows[number - 1]
        mark = " (published)" if number == place else ""
        cells = [f"{number}{mark}", *(row[key] for key in found.keys), figure_text(float(row[found.metric]))]
        lines.append(f"| {' | '.join(cells)} |")
    about = f"{len(found.rows)} settings, trained as {found.search.search}.json says; the best of them:"
    pictures = [f"![{text}]({FOLDER}/{search_picture(measured, name)})" for name, text in SEARCH_PICTURES.items()]
    return ["### search", about, "\n".join(lines), found.search.text, *pictures]
