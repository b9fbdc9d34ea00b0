"""Pages in Chromium: drawn on, and waited for, as they answer in their own time, and late on a busy machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser.drawings import Stroke

SECONDS = 10


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium; on Debian: apt-get update && apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def soon(page: Any, read: Callable[[], Any], expected: Any) -> None:
    """Assert that what is read becomes what is expected."""
    deadline = time.monotonic() + SECONDS
    while (found := read()) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert found == expected


def settle(page: Any) -> None:
    """Wait until the network has seen all that was done; the page lets no test evaluate conditions of its own."""
    page.locator("html[data-settled=true]").wait_for(state="attached")


def draw(page: Any, strokes: list[Stroke]) -> None:
    """Draw with the mouse, and wait until the network has seen it all."""
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
