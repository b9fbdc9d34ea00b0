"""Pages in Chromium, which answer in their own time, and late on a busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tools.screenshots import chromium_path

SECONDS = 10


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    path = chromium_path()
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
