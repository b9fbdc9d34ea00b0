"""Pages as Chromium shows them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

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


def photograph(address: str, folder: Path, name: str, prepare: Callable[[Any], None] | None = None) -> list[Path]:
    """Write the first screen of a page in each view into PNGs; where there is no browser say so, and write none.

    What `prepare` does with the page is done before.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
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
