"""The page of draw.py as people use it, in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.drawings import drawings
from tests.browser.pages import soon
from tests.running import PROJECT, run
from tools.screenshots import Stroke, draw, settle
from trainer.drawing.answers import Answers
from trainer.drawing.main import write_page
from trainer.predictor import Predictor
from utils.local_server import Answer, LocalServer, Request, served

pytestmark = pytest.mark.browser
SEVEN: list[Stroke] = [[(0.3, 0.25), (0.5, 0.2), (0.7, 0.25), (0.6, 0.5), (0.5, 0.8)]]

DROP = """async () => {
  const canvas = new OffscreenCanvas(9, 9);
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([await canvas.convertToBlob()], "black.png", { type: "image/png" }));
  const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  document.getElementById("surface").dispatchEvent(drop);
}"""


@contextmanager
def opened(browser: Any, address: str, **context: Any) -> Iterator[Any]:
    """The page at an address, which must complain of nothing and ask nobody else."""
    complaints: list[str] = []
    requests: list[str] = []
    held = browser.new_context(**context)
    page = held.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    settle(page)
    yield page
    held.close()
    assert [text for text in complaints if "status of 400" not in text] == []  # a mistake that the page tells
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.load(PROJECT / "draw.npz")


@pytest.fixture(scope="module")
def address(predictor: Predictor) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)  # where its config finds test samples
        with served(Answers(predictor)) as found:
            yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with opened(browser, address, viewport={"width": 1280, "height": 900}) as page:
        yield page


@pytest.fixture
def alone(browser: Any, predictor: Predictor, here: Path) -> Iterator[Any]:
    """The page as a file."""
    write_page(str(predictor.path), "draw.html")
    with opened(browser, Path("draw.html").resolve().as_uri()) as page:
        yield page


def given(page: Any) -> np.ndarray:
    """The pixels that the network is given."""
    bytes_of = """() => {
      const canvas = document.querySelector("[data-shows=given]");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return [canvas.height, Array.from(data).filter((_, at) => at % 4 === 0)];
    }"""
    height, shades = page.evaluate(bytes_of)
    return np.array(shades, np.uint8).reshape(height, -1, 1)


def said(page: Any) -> str:
    """The class that the network says."""
    return str(page.locator(".said").inner_text()).partition(",")[0]


def test_digits_are_recognised(page: Any) -> None:
    right = 0
    for digit, strokes in drawings():
        page.get_by_role("button", name="Clear").click()
        draw(page, strokes)
        right += said(page) == str(digit)
    assert right >= 38


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.3, 0.25)], ids=["in a corner", "amid"])
@pytest.mark.parametrize("size", [0.4, 0.9])
def test_drawings_are_centred_and_scaled_as_mnist_s(page: Any, place: tuple[float, float], size: float) -> None:
    draw(page, [[(place[0] + size * x, place[1] + size * y) for x, y in stroke] for stroke in SEVEN])
    pixels = given(page)[:, :, 0].astype(float)
    rows, columns = np.flatnonzero(pixels.max(axis=1)), np.flatnonzero(pixels.max(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in range(18, 22)
    middle = [(pixels.sum(axis=axis) * np.arange(28)).sum() / pixels.sum() for axis in (1, 0)]
    assert np.abs(np.array(middle) - 14).max() <= 0.5
    page.get_by_label("centred and scaled").uncheck()
    settle(page)
    assert not np.array_equal(given(page)[:, :, 0], pixels)


def test_what_goes_beyond_the_edge_is_cut_off(page: Any) -> None:
    draw(page, [[(0.5, 0.4), (0.5, 1.4)]])
    assert np.ptp(np.flatnonzero(given(page)[:, :, 0].max(axis=1))) + 1 in range(18, 22)


def test_a_bar_is_pressed_for_what_speaks_for_its_class(page: Any, predictor: Predictor) -> None:
    draw(page, SEVEN)
    assert page.locator(".bars button[aria-pressed=true]").inner_text().startswith("7")
    gradient = page.locator("[data-shows=gradient]")
    before = gradient.evaluate("canvas => canvas.toDataURL()")
    page.locator(".bars button").nth(2).click()
    settle(page)
    assert page.locator("#gradients .target").all_inner_texts() == ["2", "2"]
    soon(page, lambda: gradient.evaluate("canvas => canvas.toDataURL()") != before, True)
    assert said(page) == "7"


def test_a_mistake_is_put_in_and_changed(page: Any, predictor: Predictor) -> None:
    page.get_by_role("button", name="Mistakes").click()
    tile = page.locator(".samples button").first
    taken = tile.locator(".hint").inner_text()
    tile.click()
    settle(page)
    assert f"taken for {said(page)}" in taken
    before = given(page)
    assert predictor.predict(before[None]).tolist() == [said(page)]
    draw(page, [[(0.02, 0.02), (0.3, 0.02)]])
    after = given(page)
    assert (after[0, :6] > before[0, :6]).all()
    assert np.array_equal(after[5:], before[5:])
    page.get_by_role("button", name="Erase").click()
    draw(page, [[(0.03, y), (0.97, y)] for y in np.linspace(0.03, 0.97, 12).tolist()])
    assert given(page).max() < 100
    for _ in range(13):
        page.get_by_role("button", name="Undo").click()
    settle(page)
    assert np.array_equal(given(page), before)


def test_what_a_channel_and_a_unit_respond_to(page: Any) -> None:
    draw(page, SEVEN)
    soon(page, page.locator("[data-layer=conv2d1] .kernel").count, 8)
    layer = page.locator("[data-layer=conv2d2]")
    soon(page, layer.locator(".maps canvas").count, 16)
    layer.locator(".maps button").nth(3).click()
    soon(page, layer.locator(".tiles-of-kernel canvas").count, 8)
    frame = layer.locator(".frame").bounding_box()
    picture = layer.locator(".framed canvas").bounding_box()
    assert 0 < frame["width"] < picture["width"]
    layer.get_by_role("button", name="Where it is strongest in test samples").click()
    layer.locator(".strongest canvas").nth(8).wait_for()
    first = layer.locator(".strongest canvas").first
    assert first.evaluate("canvas => [canvas.width, canvas.height]") == [14, 14]
    unit = page.locator("[data-layer=linear1]")
    unit.locator("input").fill("7")
    unit.locator("input").press("Enter")
    soon(page, unit.locator("h3").inner_text, "linear1, unit 7")
    soon(page, unit.locator(".tiles-of-kernel canvas").count, 32)


def test_an_image_is_put_in_and_inverted(page: Any, tmp_path: Path, predictor: Predictor) -> None:
    Image.new("L", (56, 56), 200).save(tmp_path / "grey.png")
    page.locator("#file").set_input_files(tmp_path / "grey.png")
    soon(page, lambda: set(given(page).reshape(-1).tolist()), {200})
    page.get_by_role("button", name="Invert").click()
    soon(page, lambda: set(given(page).reshape(-1).tolist()), {55})
    page.evaluate(DROP)
    soon(page, lambda: set(given(page).reshape(-1).tolist()), {0})
    (tmp_path / "none.png").write_text("no image")
    page.locator("#file").set_input_files(tmp_path / "none.png")
    page.locator("#problem", has_text="none.png: cannot be read as an image").wait_for()


def test_the_file_computes_what_python_computes_and_asks_nobody(alone: Any, predictor: Predictor) -> None:
    assert not alone.locator("[data-shows=gradient]").count()
    assert "shows no gradients" in alone.locator("#gradients").inner_text()
    draw(alone, SEVEN)
    assert said(alone) == "7"
    outputs = alone.evaluate(
        """pixels => new OwnNetwork(JSON.parse(document.getElementById("data").textContent))
          .through(pixels, { layers: [], target: null }).then(({ outputs }) => Array.from(outputs))""",
        given(alone).reshape(-1).tolist(),
    )
    assert np.abs(outputs - predictor.outputs(given(alone)[None])[0]).max() < 1e-5
    alone.locator("[data-layer=conv2d2] .maps button").first.click()
    soon(alone, alone.locator("[data-layer=conv2d2] .tiles-of-kernel canvas").count, 8)


def test_the_file_recognises_digits_as_the_program_does(alone: Any) -> None:
    right = 0
    for digit, strokes in drawings()[::8]:
        alone.get_by_role("button", name="Clear").click()
        draw(alone, strokes)
        right += said(alone) == str(digit)
    assert right == 5


def test_a_finger_draws_on_a_phone_that_is_dark(browser: Any, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
    with opened(browser, address, **phone) as page:
        soon(page, lambda: page.evaluate("document.documentElement.scrollWidth") <= 390, True)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"
        box = page.locator("#surface").bounding_box()
        finger = page.context.new_cdp_session(page)
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in SEVEN[0]]
        for kind, point in [("touchStart", points[0]), *(("touchMove", point) for point in points[1:])]:
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        settle(page)
        assert said(page) == "7"
        assert page.evaluate("scrollY") == 0

        def picture() -> str:
            return str(page.locator("[data-layer=relu1] canvas").first.evaluate("canvas => canvas.toDataURL()"))

        dark = picture()
        page.locator("#theme").click()
        soon(page, lambda: picture() != dark, True)


def test_a_pen_draws(browser: Any, address: str) -> None:
    with opened(browser, address) as page:
        box = page.locator("#surface").bounding_box()
        pen = page.context.new_cdp_session(page)
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN[0]]
        for kind, (x, y) in zip(
            ("mousePressed", *["mouseMoved"] * 4, "mouseReleased"), [*points, points[-1]], strict=True
        ):
            touch = {
                "x": x,
                "y": y,
                "button": "left",
                "buttons": 1,
                "clickCount": 1,
                "pointerType": "pen",
                "force": 0.5,
            }
            pen.send("Input.dispatchMouseEvent", {"type": kind, **touch})
        settle(page)
        soon(page, lambda: said(page), "7")


@pytest.fixture
def table(here: Path) -> Predictor:
    """A network for a table with numbers and categories."""
    rows = [f"{1 + at % 7},{'red' if at % 3 else 'green'},{'a' if at % 7 > 3 else 'b'}" for at in range(60)]
    Path("table.csv").write_text("\n".join(["size,colour,kind", *rows]) + "\n", encoding="utf-8")
    loader = {"path": "table.csv", "target": "kind", "categories": "one_hot", "normalize": "min_max", "test_split": 0.2}
    config = {
        "name": "table",
        "arch": {"type": "MLP", "args": {"layer_sizes": [3, 6, 2]}},
        "data_loader": {"type": "CsvDataLoader", "args": loader},
        "loss": "CrossEntropyLoss",
        "optimizer": {"type": "Adam", "args": {"lr": 0.05}},
        "trainer": {"epochs": 20, "verbosity": 0, "threads": 1, "pictures": [], "report": False},
    }
    return Predictor.load(run(config).last)


def values_are_answered(page: Any, predictor: Predictor) -> None:
    for size, colour in (("2", "red"), ("6.5", "green")):
        page.get_by_label("size").fill(size)
        page.get_by_label("colour").select_option(colour)
        settle(page)
        import pandas as pd

        row = pd.DataFrame({"size": [size], "colour": [colour]})
        shares = predictor.predict_proba(row)[0]
        assert said(page) == predictor.predict(row)[0]
        texts = page.locator("#answer .bars .value").all_inner_texts()
        told = [float(text.removeprefix("> ").removesuffix(" %")) for text in texts]
        assert np.abs(np.array(told) - 100 * shares).max() < 0.11


def test_a_table_has_fields(browser: Any, table: Predictor) -> None:
    with served(Answers(table)) as address, opened(browser, address) as page:
        values_are_answered(page, table)
        assert page.locator("[data-shows=fields] .name").all_inner_texts() == ["size", "colour=green", "colour=red"]
        unit = page.locator("[data-layer=linear1]")
        unit.locator("input").fill("2")
        unit.locator("input").press("Enter")
        unit.locator("figure").first.get_by_text("colour=red").wait_for()
        page.get_by_role("button", name="Some at random").click()
        page.locator(".samples button").first.click()
        settle(page)
        page.get_by_label("size").fill("x")
        page.locator("#problem", has_text="'size': expected a number, got 'x'").wait_for()


def test_a_table_s_file_computes_by_itself(browser: Any, table: Predictor) -> None:
    write_page(str(table.path), "table.html")
    with opened(browser, Path("table.html").resolve().as_uri()) as page:
        values_are_answered(page, table)
        page.get_by_label("size").fill("")
        soon(page, page.locator("#problem").inner_text, "size: the field is empty")


def test_a_page_of_another_site_can_neither_call_nor_show_it(browser: Any) -> None:
    """Not even one that has the whole address, from this machine."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Answer.text("<p>a secret", "html")

    other = replace(Answer.text("<p>elsewhere", "html"), policy="")
    held = browser.new_context()
    page = held.new_page()
    with LocalServer(answer) as server, LocalServer(lambda _: other) as elsewhere:
        for one in (server, elsewhere):
            threading.Thread(target=one.serve, daemon=True).start()
        page.goto(elsewhere.address)
        for mode in ("cors", "no-cors"):
            for method in ("GET", "POST"):
                call = "([url, mode, method]) => fetch(url, {mode, method}).then((one) => one.text(), () => 'refused')"
                assert page.evaluate(call, [server.address, mode, method]) in ("refused", "")
        assert asked == []
        page.evaluate(
            "url => { document.body.append(Object.assign(document.createElement('iframe'), {src: url})); }",
            server.address,
        )
        page.wait_for_timeout(500)
        assert "secret" not in "".join(frame.content() for frame in page.frames)
    held.close()


def test_that_the_program_has_ended_is_told(browser: Any, predictor: Predictor) -> None:
    held = browser.new_context()
    page = held.new_page()
    with served(Answers(predictor)) as address:
        page.goto(address)
        settle(page)
    page.route("**/through*", lambda route: route.abort())
    draw(page, SEVEN)
    page.locator("#problem", has_text="The program that serves this page has ended.").wait_for()
    held.close()
