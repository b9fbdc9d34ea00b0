"""report.html as people use it, in Chromium."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from logger.figures import figure_text
from logger.report.page import write_report
from logger.run_files import RunFiles
from tests.browser.pages import soon
from tests.made_run import made_run, write_noise
from tests.running import Config, run

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOSS = '[data-chart="epoch-loss"]'


class Seen:
    """A page, and all that it complained of and asked the network for."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.context = browser.new_context(**({"viewport": DESKTOP} | options))
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.address = path.resolve().as_uri()
        self.page.goto(self.address)

    def values(self, chart: str) -> dict[str, str]:
        """The values that a chart shows, by the names of its lines, and the place that they are of."""
        found = self.page.locator(f"{chart} [data-series]")
        values = {one.get_attribute("data-series"): one.locator("b").inner_text() for one in found.all()}
        return values | {"at": self.page.locator(f"{chart} [data-at]").inner_text()}

    def ink(self, chart: str, color: tuple[int, int, int]) -> int:
        """How many pixels of a chart have about this color, as it is seen."""
        held = self.page.locator(f"{chart} .plot").screenshot()
        with Image.open(io.BytesIO(held)) as picture:
            pixels = np.asarray(picture.convert("RGB"), dtype=int)
        return int((np.abs(pixels - color) < 30).all(axis=2).sum())

    def close(self) -> None:
        """Close it; it must have been quiet, and have loaded itself alone."""
        self.context.close()
        assert self.complaints == []
        assert set(self.requests) == {self.address}


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Seen]:
    """The page of a run of 40 epochs and 4,000 steps."""
    files = made_run(tmp_path, epochs=40, steps=4000, layers=12)
    write_noise(files.log / "weights.png", 900, 500)
    seen = Seen(browser, write_report(files))
    yield seen
    seen.close()


@pytest.mark.usefixtures("here")
def test_the_page_of_a_real_run_shows_its_figures(browser: Any, config: Config, tmp_path: Path) -> None:
    folder = run(config, "trainer.report=true", 'trainer.pictures=["mistakes"]', "trainer.len_epoch=1")
    seen = Seen(browser, folder.log / "report.html")
    assert seen.page.locator("h1").inner_text().split() == ["tiny", "done"]
    records = RunFiles(folder.models, folder.log).records
    shown = seen.values(LOSS)
    assert shown["at"] == "2"
    assert float(shown["training"]) == pytest.approx(records[-1]["loss"], abs=6e-5)
    assert float(shown["validation"]) == pytest.approx(records[-1]["val_loss"], abs=6e-5)
    assert seen.ink(LOSS, (0, 114, 178)) > 50
    assert seen.ink(LOSS, (213, 94, 0)) > 50
    matrix = seen.page.locator("table.matrix tbody td").all_inner_texts()
    assert sum(int(count or 0) for count in matrix) == 60
    wrong = seen.page.locator(".wrong figure img").first
    soon(seen.page, lambda: wrong.evaluate("image => image.naturalWidth") > 1, True)
    assert seen.page.locator(".diagram .box").count() == 3
    assert seen.page.get_by_text("digest of best.npz").is_visible()
    assert seen.page.locator("#model tfoot .number").inner_text() == "12,730"
    seen.page.screenshot(path=tmp_path / "desktop.png", full_page=True)
    seen.close()


def test_the_values_under_the_pointer_are_those_of_the_run(page: Seen, tmp_path: Path) -> None:
    records = RunFiles(tmp_path / "models" / "made" / "run", tmp_path / "log" / "made" / "run").records
    plot = page.page.locator(f"{LOSS} .u-over")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] * (9.4 / 39), box["y"] + 50)
    soon(page.page, lambda: page.values(LOSS)["at"], "10")
    crosshair = page.page.locator(f"{LOSS} .u-cursor-x").bounding_box()
    assert crosshair["x"] - box["x"] == pytest.approx(box["width"] * 9 / 39, abs=1.5)  # on the epoch, not between two
    shown = page.values(LOSS)
    assert float(shown["training"]) == pytest.approx(records[9]["loss"], abs=6e-5)
    assert float(shown["validation"]) == pytest.approx(records[9]["val_loss"], abs=6e-5)
    soon(page.page, lambda: page.values('[data-chart="epoch-accuracy"]')["at"], "10")
    page.page.mouse.move(5, 5)
    soon(page.page, lambda: page.values(LOSS)["at"], "40")


def test_figures_read_the_same_from_the_page_and_from_its_scripts(page: Seen) -> None:
    held = Path(page.address.removeprefix("file://")).read_text(encoding="utf-8")
    written = re.findall(r"</svg>\S+(?: \S+)* <b>(.*?)</b></button>", held)
    assert len(written) > 15
    assert page.page.locator("[data-series] b").all_inner_texts() == written
    values = [1e-6, 1.234e-5, 4e-4, 0.00012345, 0, 0.5, 12.3, 2885.2516, 99999.7, 1e10]
    assert page.page.evaluate("values => values.map(charts[0].text)", values) == list(map(figure_text, values))


def test_a_line_is_switched_off_and_stays_off_when_the_page_is_loaded_again(page: Seen) -> None:
    blue = (0, 114, 178)
    button = page.page.locator(f'{LOSS} [data-series="training"]')
    soon(page.page, lambda: page.ink(LOSS, blue) > 50, True)
    button.click()
    soon(page.page, lambda: button.get_attribute("aria-pressed"), "false")
    soon(page.page, lambda: page.ink(LOSS, blue), 0)
    page.page.reload()
    soon(page.page, lambda: page.ink(LOSS, blue), 0)
    button.click()
    soon(page.page, lambda: page.ink(LOSS, blue) > 50, True)


def test_dragging_zooms_and_the_button_takes_it_back(page: Seen) -> None:
    chart = page.page.locator(LOSS)
    plot, reset = chart.locator(".u-over"), chart.locator("[data-reset]")
    plot.scroll_into_view_if_needed()
    assert not reset.is_visible()
    box = plot.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 60)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.49, box["y"] + 60, steps=5)
    page.page.mouse.up()
    reset.wait_for()
    low, high = page.page.evaluate("(({ min, max }) => [min, max])(charts[0].plot.scales.x)")
    assert (low, high) == (pytest.approx(11, abs=0.01), pytest.approx(20, abs=0.01))  # the nearest epochs
    reset.click()
    reset.wait_for(state="hidden")
    soon(page.page, lambda: page.page.evaluate("(({ min, max }) => [min, max])(charts[0].plot.scales.x)"), [1, 40])


def test_the_keyboard_reads_values_zooms_and_resets(page: Seen) -> None:
    page.page.locator(f"{LOSS} .plot").focus()
    page.page.keyboard.press("Home")
    soon(page.page, lambda: page.values(LOSS)["at"], "1")
    page.page.keyboard.press("ArrowRight")
    soon(page.page, lambda: page.values(LOSS)["at"], "2")
    page.page.keyboard.press("+")
    page.page.keyboard.press("End")
    soon(page.page, lambda: 2 < int(page.values(LOSS)["at"]) < 40, True)
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("End")
    soon(page.page, lambda: page.values(LOSS)["at"], "40")


def test_dark_is_followed_and_can_be_switched(browser: Any, tmp_path: Path) -> None:
    seen = Seen(browser, write_report(made_run(tmp_path)), color_scheme="dark")

    def ground() -> int:
        color = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", color)[:3]))

    assert ground() < 150
    assert seen.ink(LOSS, (89, 163, 206)) > 50
    seen.page.screenshot(path=tmp_path / "dark.png", full_page=True)
    seen.page.locator("#theme").click()
    soon(seen.page, ground, 3 * 255)
    soon(seen.page, lambda: seen.ink(LOSS, (0, 114, 178)) > 50, True)
    seen.page.reload()
    soon(seen.page, ground, 3 * 255)
    seen.close()


@pytest.mark.parametrize("classes", [2, 26])
def test_nothing_is_wider_than_a_phone(browser: Any, tmp_path: Path, classes: int) -> None:
    names = tuple(f"a rather long name {i}" for i in range(classes))
    files = made_run(tmp_path, name="a-very-long-name-of-a-run-without-any-space-in-it", classes=names, layers=12)
    write_noise(files.log / "weights.png", 1500, 300)
    seen = Seen(browser, write_report(files), viewport=PHONE, has_touch=True, is_mobile=True)
    soon(seen.page, lambda: seen.page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])
    seen.page.screenshot(path=tmp_path / "phone.png", full_page=True)
    seen.close()


def test_on_paper_it_is_light_and_whole(browser: Any, tmp_path: Path) -> None:
    files = made_run(tmp_path, classes=tuple(str(i) for i in range(64)))
    seen = Seen(browser, write_report(files), color_scheme="dark", viewport={"width": 680, "height": 960})
    seen.page.emulate_media(media="print")
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    soon(seen.page, lambda: seen.page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
    soon(seen.page, lambda: seen.ink(LOSS, (0, 114, 178)) > 50, True)
    matrix = seen.page.locator("table.matrix").bounding_box()
    assert 500 < matrix["x"] + matrix["width"] <= 680
    assert seen.page.locator("#classes .numbers").bounding_box()["height"] > 64 * 20
    assert not seen.page.locator(f"{LOSS} [data-log]").is_visible()
    seen.close()


def test_axes_of_figures_that_grew_beyond_all_bounds_can_be_read(page: Seen) -> None:
    ticks = """([low, high, log]) => {
      const [chart] = charts;
      chart.data.series.forEach((one) => one.values.fill(low).fill(high, 20));
      chart.log = log;
      chart.draw();
      return new Promise((done) => setTimeout(() => done(chart.plot.axes[1]._values), 50));
    }"""
    assert page.page.evaluate(ticks, [1.4e31, 2.5e31, False])[0] == "1.25e31"
    assert page.page.evaluate(ticks, [1, 1e30, True]) == ["1", "1e5", "1e10", "1e15", "1e20", "1e25", "1e30"]
    assert page.page.evaluate(ticks, [0.01, 0.3, True]) == ["0.01", "0.02", "0.05", "0.1", "0.2"]
    assert len(page.page.evaluate(ticks, [0.31, 0.38, True])) >= 2


def test_an_open_page_follows_the_run_and_waits_while_it_is_read(browser: Any, tmp_path: Path) -> None:
    seen = Seen(browser, write_report(made_run(tmp_path, state="running", epochs=2)))
    page = seen.page
    page.locator(f"{LOSS} .plot").focus()
    page.keyboard.press("+")
    write_report(made_run(tmp_path, state="running", epochs=4))
    page.wait_for_timeout(6000)
    assert page.locator("progress").get_attribute("value") == "2"
    page.keyboard.press("Escape")
    page.locator(f'{LOSS} [data-series="training"]').click()
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    page.evaluate("scrollTo(0, 700)")
    page.wait_for_selector("progress[value='4']", timeout=10_000)
    soon(page, lambda: page.evaluate("scrollY"), 700)
    soon(page, lambda: page.locator(f'{LOSS} [data-series="training"]').get_attribute("aria-pressed"), "false")
    write_report(made_run(tmp_path, state="done", epochs=5))
    page.wait_for_selector("body[data-state='done']", timeout=10_000)
    page.wait_for_timeout(5500)
    assert len(seen.requests) == 3
    seen.close()


def test_a_picture_is_enlarged_and_closed_by_keyboard(page: Seen) -> None:
    page.page.locator("#picture-weights button").click()
    dialog = page.page.locator("#enlarged")
    dialog.wait_for()
    soon(page.page, lambda: dialog.locator("img").evaluate("image => image.naturalWidth"), 900)
    page.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_what_is_as_by_default_can_be_hidden(page: Seen) -> None:
    row = page.page.locator('tr[data-path="optimizer.nesterov"]')
    assert row.is_visible()
    page.page.locator("#only-chosen").check()
    row.wait_for(state="hidden")
    assert page.page.locator('tr[data-path="optimizer.momentum"]').is_visible()


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, PHONE], ids=["desktop", "phone"])
def test_the_first_curves_are_on_the_first_screen(browser: Any, tmp_path: Path, viewport: dict[str, int]) -> None:
    seen = Seen(browser, write_report(made_run(tmp_path)), viewport=viewport)
    box = seen.page.locator(f"{LOSS} .plot").bounding_box()
    assert box["y"] + box["height"] <= viewport["height"]
    seen.close()


def test_commands_are_copied(page: Seen) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.page.locator(".commands .copy").first
    button.click()
    page.page.wait_for_selector(".commands .copy:text('copied')")
    assert page.page.evaluate("navigator.clipboard.readText()") == "python train.py -c config.json"
    page.page.wait_for_selector(".commands .copy:text('copy')")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_matrix_of_a_hundred_classes_shows_that_it_goes_on(
    browser: Any, tmp_path: Path, viewport: dict[str, int]
) -> None:
    files = made_run(tmp_path, classes=tuple(f"kind {i}" for i in range(100)))
    seen = Seen(browser, write_report(files), viewport=viewport)
    frame = seen.page.locator(".frame:has(.matrix)")
    frame.scroll_into_view_if_needed()
    soon(seen.page, lambda: seen.page.evaluate("document.documentElement.scrollWidth"), viewport["width"])
    seen.page.locator(".frame[data-right][data-below]:has(.matrix)").wait_for()
    frame.locator(".scroll").evaluate("held => held.scrollTo(held.scrollWidth, held.scrollHeight)")
    seen.page.locator(".frame:not([data-right], [data-below]):has(.matrix)").wait_for()
    name = frame.locator("tbody th").last
    assert name.inner_text() == "kind 99"
    assert name.bounding_box()["x"] == pytest.approx(frame.bounding_box()["x"], abs=1)  # it stays, however far one goes
    seen.close()


def test_pictures_suit_a_dark_page(browser: Any, tmp_path: Path) -> None:
    files = made_run(tmp_path)
    for name in ("weights", "tsne"):
        Image.new("RGB", (400, 200), "white").save(files.log / f"{name}.png")
    seen = Seen(browser, write_report(files), color_scheme="dark")

    def brightness(name: str) -> float:
        held = seen.page.locator(f"#picture-{name} img").screenshot()
        with Image.open(io.BytesIO(held)) as picture:
            return float(np.asarray(picture.convert("L")).mean())

    assert brightness("tsne") < 50  # a dark form of its own
    assert 150 < brightness("weights") < 220  # a card whose white is not the screen's
    seen.page.locator("#theme").click()
    soon(seen.page, lambda: brightness("tsne") > 250 and brightness("weights") > 250, True)
    seen.close()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_names_with_markup_and_in_any_script_are_text(browser: Any, tmp_path: Path, viewport: dict[str, int]) -> None:
    names = ("\u732b <b>bold</b>", "\u72ac\u79d1\u306e\u52d5\u7269\u305f\u3061", "</td><script>alert(1)</script>")
    seen = Seen(browser, write_report(made_run(tmp_path, classes=names)), viewport=viewport)
    assert seen.page.locator(".matrix tbody th").all_inner_texts() == list(names)
    soon(seen.page, lambda: seen.page.evaluate("document.documentElement.scrollWidth"), viewport["width"])
    seen.close()
