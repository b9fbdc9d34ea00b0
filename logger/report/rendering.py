"""Pages that need no other file: a template, and the styles and scripts that it holds."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logger.console import shape_text
from utils.printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
SHARED_SCRIPTS = ("vendor/uPlot.iife.min.js", "store.js", "charts.js", "theme_button.js", "appearance.js", "edges.js")
SHARED_STYLES = ("vendor/uPlot.min.css", "style.css", "charts.css")  # of pages that have charts
_FIRST = HERE / "theme.js"


def rendered(
    template: Path,
    styles: Sequence[Path],
    scripts: Sequence[Path],
    colors: Sequence[tuple[str, str]],
    contents: Mapping[str, Any],
) -> str:
    """The page of a template that extends base.html, with its styles, scripts, and colors on light and dark ground."""
    texts = [_text(path) for path in scripts]
    frame = {
        "styles": [_text(path) for path in styles],
        "scripts": texts,
        "first_script": _text(_FIRST),
        "script_hashes": [_hash(script) for script in (_text(_FIRST), *texts)],
        "colors": colors,
    }
    page = _environment(template.parent).get_template(template.name).render({**contents, **frame})
    return page.encode(errors="backslashreplace").decode()  # halves of characters, which JSON may hold


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,  # and not markup
    )
    environment.filters |= {"shape": shape_text, "thousands": lambda number: f"{number:,}"}
    return environment


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _hash(script: str) -> str:
    """The hash that allows this one script to run, and no other, even if a run's text got into the page as one."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
