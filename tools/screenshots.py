"""Pages as Chromium shows them, also after one has drawn on them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Stroke = Sequence[tuple[float, float]]  # x and y from 0 to 1, downwards
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class View:
    """A window of a browser, and what its file's name ends with."""

    ending: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    scale: float = 1


VIEWS = (
    View("", 1280, 1000, "light"),
    View("-dark", 1280, 1000, "dark"),
    View("-390", 390, 844, "light", scale=1.5),
    View("-390-dark", 390, 844, "dark", scale=1.5),
)


def chromium_path() -> str | None:
    """The path of Chromium, or of Chrome; None where there is neither."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def settle(page: Any) -> None:
    """Wait until draw.py's page shows all that was done on it."""
    page.locator("html[data-settled=true]").wait_for(state="attached")


def draw(page: Any, strokes: Iterable[Stroke]) -> None:
    """Draw on draw.py's page with the mouse, and wait until it shows what the network says."""
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("#surface").bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()
    settle(page)


def photograph(address: str, folder: Path, name: str, prepare: Callable[[Any], None] | None = None) -> list[Path]:
    """Write the first screen of a page in each view into PNGs; where there is no browser say so, and write none.

    What `prepare` does with the page is done before.
    """
    browser = chromium_path()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        browser = None
    if browser is None:
        print(f'pictures of {name} stay as they are: they take Chromium and pip install -e ".[browser]"')
        return []
    written = []
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=browser) as opened:
        for view in VIEWS:
            size = {"width": view.width, "height": view.height}
            seen = opened.new_page(viewport=size, color_scheme=view.scheme, device_scale_factor=view.scale)  # type: ignore[arg-type]
            seen.goto(address)
            seen.wait_for_load_state("load")
            if prepare:
                prepare(seen)
            written.append(folder / f"{name}{view.ending}.png")
            seen.screenshot(path=written[-1])
            seen.close()
    return written
