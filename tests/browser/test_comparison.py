"""comparison.html as people use it, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from logger.comparison.curves import Curve
from logger.comparison.page import write_page
from tests.browser.pages import soon
from tests.logger.comparison.making import made, record

pytestmark = pytest.mark.browser
LOSS = '[data-chart="loss"]'


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page of two runs, which must complain of nothing and ask for nothing but itself."""
    losses = {"low": (3.0, 2.0, 1.0), "high": (4.0, 3.5, 3.0)}
    runs = [
        made(tmp_path, run_id, [record(epoch, loss, 0.5 + 0.1 * epoch) for epoch, loss in enumerate(series, 1)])
        for run_id, series in losses.items()
    ]
    curves = [Curve(run.run_id, run.records, look) for look, run in enumerate(runs)]
    address = write_page(runs, curves, {"optimizer.args.lr": ["0.1", "0.2"]}, tmp_path).resolve().as_uri()
    complaints: list[str] = []
    requests: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    yield page
    page.close()
    assert complaints == []
    assert set(requests) == {address}


def values(page: Any, chart: str) -> list[str]:
    """The values that a chart shows."""
    shown: list[str] = page.locator(f"{chart} [data-series] b").all_inner_texts()
    return shown


def test_values_of_an_epoch_are_shown_in_all_charts(page: Any) -> None:
    assert page.locator(f"{LOSS} h4").inner_text() == "training loss"
    assert values(page, LOSS) == ["1.0000", "3.0000"]
    plot = page.locator(f"{LOSS} .u-over")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + 50)
    soon(page, page.locator("[data-at]").all_inner_texts, ["2"] * 6)
    soon(page, lambda: values(page, LOSS), ["2.0000", "3.5000"])
    page.mouse.move(0, 0)
    soon(page, lambda: values(page, LOSS), ["1.0000", "3.0000"])


def test_a_run_is_switched_off_in_one_chart_or_in_all(page: Any) -> None:

    def shown() -> list[list[bool]]:
        """Whether each chart shows each line."""
        lines: list[list[bool]] = page.evaluate("charts.map(chart => chart.plot.series.slice(1).map(one => one.show))")
        return lines

    page.locator(f'{LOSS} [data-series="high"]').click()
    soon(page, shown, [[True, True], [True, True], [True, False], *[[True, True]] * 3])
    page.get_by_label("high", exact=True).uncheck()
    soon(page, shown, [[True, False]] * 6)
    page.reload()
    assert not page.get_by_label("high", exact=True).is_checked()
    soon(page, shown, [[True, False]] * 6)
    page.get_by_label("high", exact=True).check()
    soon(page, shown, [[True, True]] * 6)


def test_charts_have_the_switches_of_a_runs_page(page: Any) -> None:
    chart = page.locator(LOSS)
    log = chart.locator("[data-log]")
    assert log.get_attribute("aria-pressed") == "false"
    log.click()
    soon(page, lambda: log.get_attribute("aria-pressed"), "true")
    plot = chart.locator(".plot")
    plot.focus()
    page.keyboard.press("+")
    chart.locator("[data-reset]").wait_for()
    page.keyboard.press("Escape")
    chart.locator("[data-reset]").wait_for(state="hidden")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_the_first_curves_are_on_the_first_screen(page: Any, viewport: dict[str, int]) -> None:
    page.set_viewport_size(viewport)

    def end() -> float:
        box = page.locator(".plot").first.bounding_box()
        return float(box["y"] + box["height"])

    soon(page, lambda: end() <= viewport["height"], True)


def test_the_button_changes_light_and_dark(page: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.locator("#theme").click()
    soon(page, lambda: page.evaluate(ground), "rgb(20, 22, 26)")


def test_it_fits_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    soon(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= 390, True)
