"""The page to draw on: one file that needs no other, with its network or with a program that computes for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from logger.report.palette import palette
from logger.report.rendering import HERE as SHARED
from logger.report.rendering import rendered

_HERE = Path(__file__).parent
_SCRIPTS = ("network", "engines", "painting", "surface", "inputs", "answer", "layers", "page")


def drawing_page(description: Mapping[str, Any]) -> str:
    """The page for a network as `trainer.drawing.description` describes it."""
    styles = [SHARED / "style.css", _HERE / "page.css"]
    scripts = [SHARED / "theme_button.js", *(_HERE / f"{name}.js" for name in _SCRIPTS)]
    contents = {"description": description, "pixels": description["input"]["kind"] == "pixels"}
    return rendered(_HERE / "page.html", styles, scripts, palette(), contents)
