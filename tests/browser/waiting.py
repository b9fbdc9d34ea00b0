"""Waiting for a page, which answers in its own time, and late on a busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

SECONDS = 10


def soon(page: Any, read: Callable[[], Any], expected: Any) -> None:
    """Assert that what is read becomes what is expected."""
    deadline = time.monotonic() + SECONDS
    while (found := read()) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert found == expected
