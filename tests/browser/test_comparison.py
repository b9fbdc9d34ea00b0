"""comparison.html as people use it, in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from logger.comparison.curves import Curve
from logger.comparison.page import write_page
from tests.logger.comparison.making import made, record

pytestmark = pytest.mark.browser
LOSS = ".curves figure:nth-of-type(3)"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Any]:
    """The page of two runs, which must complain of nothing and ask for nothing but itself."""
    from playwright.sync_api import sync_playwright

    losses = {"low": (3.0, 2.0, 1.0), "high": (4.0, 3.5, 3.0)}
    runs = [
        made(tmp_path, run_id, [record(epoch, loss, 0.5 + 0.1 * epoch) for epoch, loss in enumerate(series, 1)])
        for run_id, series in losses.items()
    ]
    curves = [Curve(run.run_id, run.records, look) for look, run in enumerate(runs)]
    address = write_page(runs, curves, {"optimizer.args.lr": ["0.1", "0.2"]}, tmp_path).resolve().as_uri()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium; on Debian: apt-get update && apt-get install -y chromium"
    complaints: list[str] = []
    requests: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        yield page
        browser.close()
    assert complaints == []
    assert set(requests) == {address}


def point(page: Any, run: int, place: int) -> dict[str, float]:
    """Where on the screen a point of the training loss is."""
    found: dict[str, float] = page.evaluate(
        """([chart, run, place]) => {
          const svg = document.querySelector(`${chart} svg`);
          const [x, y] = JSON.parse(svg.querySelector(`g[data-run="${run}"]`).dataset.points)[place];
          const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
          return { x: at.x, y: at.y };
        }""",
        [LOSS, run, place],
    )
    return found


def test_the_value_next_to_the_pointer_is_shown(page: Any) -> None:
    assert page.locator(f"{LOSS} h4").inner_text() == "training loss"
    page.locator(LOSS).scroll_into_view_if_needed()
    place = point(page, run=1, place=1)
    page.mouse.move(place["x"] + 3, place["y"] + 3)
    tip = page.locator(f"{LOSS} .tip")
    assert tip.inner_text() == "high: epoch 2, 3.5000"
    box = tip.bounding_box()
    assert abs(box["y"] - place["y"]) < 40
    page.mouse.move(0, 0)
    assert not tip.is_visible()


def test_a_run_that_is_switched_off_is_in_no_chart(page: Any) -> None:
    page.get_by_label("high").uncheck()
    assert [line.is_visible() for line in page.locator('g[data-run="1"] path').all()] == [False] * 4
    assert [line.is_visible() for line in page.locator('g[data-run="0"] path').all()] == [True] * 4
    page.locator(LOSS).scroll_into_view_if_needed()
    place = point(page, run=1, place=1)
    page.mouse.move(place["x"], place["y"])
    assert "high" not in page.locator(f"{LOSS} .tip").inner_text()


def test_the_button_changes_light_and_dark(page: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.locator("#theme").click()
    assert page.evaluate(ground) == "rgb(20, 22, 26)"


def test_it_fits_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
