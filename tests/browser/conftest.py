"""The browser that pages are opened in."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.pages import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; these tests fail where it is not installed, for they are run by those who want them."""
    with chromium() as browser:
        yield browser
