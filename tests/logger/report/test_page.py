"""The page as a file."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import logger.report.page
from logger.mistake_images import MistakeImages
from logger.report.page import LARGEST, report_page, write_report
from logger.run_files import RunFiles
from logger.summary import FlowStep
from logger.tsne_map import TsneMap
from tests.made_run import made_run, write_noise

NASTY = "</script><script>alert('x')</script><img src=x onerror=\"alert(1)\">"
FOLDER = Path(logger.report.page.__file__).parent


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text within each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "input", "br"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts.append((self._inside[-1], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def text(self, tag: str) -> list[str]:
        return [text.strip() for name, text in self.texts if name == tag and text.strip()]


def test_the_page_tells_what_the_files_tell(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    page = Elements(report_page(files))
    figures = page.text("dd")
    assert {"0.8750", "epoch 2", "3 of 3", "4.5 s", "80", "SGD (lr 0.1, momentum 0.9)"} <= set(figures)
    assert any(word.endswith("models/made/run/best.npz") for word in page.text("span"))
    data = json.loads(page.text("script")[1])
    assert [chart["key"] for chart in data[:3]] == ["epoch-loss", "epoch-accuracy", "penalty"]
    assert data[0]["series"][1]["values"] == pytest.approx([record["val_loss"] for record in files.records], rel=1e-5)
    keys = {row["data-path"]: row["class"] for row in page.all("tr") if "data-path" in row}
    assert keys["optimizer.momentum"] == "changed depth-1"
    assert keys["optimizer.nesterov"] == "default depth-1"


def test_names_from_outside_are_text_and_never_markup(tmp_path: Path) -> None:
    files = made_run(tmp_path, name=NASTY, classes=(NASTY, "b"))
    config = files.config
    config["data_loader"] = {"type": NASTY, "args": {NASTY: NASTY}}
    config[NASTY] = {"deep": NASTY}
    files.environment["command"] = files.environment[NASTY] = NASTY
    files.records[0][NASTY] = 1.0
    files.steps[f"update/{NASTY}"] = np.ones(len(files.steps["step"]))
    plain = Elements(report_page(made_run(tmp_path / "plain")))
    page = Elements(report_page(files))
    assert page.text("h1")[0] == NASTY
    assert len(page.all("script")) == len(plain.all("script"))
    assert not any("onerror" in attributes for _, attributes in page.found)
    assert len(page.all("img")) == len(plain.all("img"))


def test_only_the_pages_own_scripts_may_run_and_nothing_may_be_loaded(tmp_path: Path) -> None:
    text = report_page(made_run(tmp_path))
    page = Elements(text)
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert re.findall(r"'sha256-(.*?)'", policy) == hashes
    addresses = [attributes.get(key) for _, attributes in page.found for key in ("src", "href") if attributes.get(key)]
    assert all(address and address.startswith(("#", "data:")) for address in addresses)


def test_tables_have_scopes_and_pictures_have_texts(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    write_noise(files.log / "weights.png", 40, 40)
    page = Elements(report_page(files))
    assert all(cell.get("scope") for cell in page.all("th"))
    assert [image["alt"] for image in page.all("img") if image.get("src")] == [
        "the weights of each fully connected layer"
    ]


@pytest.mark.parametrize("classes", [100, 1000])
def test_the_page_of_an_enormous_run_is_below_five_megabytes(tmp_path: Path, classes: int) -> None:
    names = tuple(f"class {i} with a name that is long enough" for i in range(classes))
    files = made_run(tmp_path, epochs=300, steps=5000, metrics=30, layers=150, classes=names)
    for name in ("weights", "kernels", "feature_maps", "tsne", "mistakes"):
        write_noise(files.log / f"{name}.png", 700, 700)
    files.test.update(files.validation)
    random = np.random.default_rng(0)
    mistakes = [files.validation["mistakes"][0] | {"sample": sample} for sample in range(24)]
    files.validation["mistakes"] = mistakes
    images = MistakeImages.of(np.arange(24), random.random((24, 200, 200, 3)), random.normal(size=(24, 200, 200)))
    images.write(files.log / "mistakes.npz")
    page = report_page(files)
    assert len(page.encode()) <= LARGEST < 5_000_000
    assert page.count("data:image/png") == 4 + 2 * 24


def test_a_picture_that_does_not_fit_is_named(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    write_noise(files.log / "weights.png", 600, 600)
    room = len(report_page(made_run(tmp_path / "bare")).encode()) + 1500
    page = report_page(files, largest=room)
    assert "Left out, to keep this page small" in page
    assert "made/run/weights.png" in page
    assert "data:image/png" not in page


def test_a_run_that_has_only_begun_and_one_that_left_nothing_have_pages(tmp_path: Path) -> None:
    begun = made_run(tmp_path, state="running", epochs=0, steps=0)
    (begun.log / "validation.json").unlink()
    page = Elements(report_page(begun))
    assert page.all("body")[0]["data-state"] == "running"
    assert page.all("progress")[0]["value"] == "0"
    empty = Elements(report_page(RunFiles(tmp_path / "nothing" / "here", tmp_path / "nothing" / "here")))
    assert empty.text("h1") == ["nothing"]


def test_a_regression_has_errors_and_no_classes(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    mistake = {"sample": 7, "target": 151.0, "prediction": 80.25, "probability": None}
    files.validation.update(classes=None, confusion_matrix=None, mistakes=[mistake])
    page = Elements(report_page(files))
    assert "Largest errors" in page.text("h3")
    assert {"151.00", "80.250"} <= set(page.text("td"))


def test_many_classes_have_figures_and_are_shown_in_a_picture(tmp_path: Path) -> None:
    files = made_run(tmp_path, classes=tuple(str(i) for i in range(200)))
    write_noise(files.log / "confusion.png", 30, 20)
    page = report_page(files)
    assert "200 classes are too many for a table" in page
    assert 'href="#picture-confusion"' in page
    assert 'id="picture-confusion"' in page
    assert "matrix" not in {one.get("class") for one in Elements(page).all("table")}


def test_a_hundred_classes_are_a_table_in_which_nothing_stands_for_0(tmp_path: Path) -> None:
    files = made_run(tmp_path, classes=tuple(str(i) for i in range(100)))
    counts = np.eye(100, dtype=int) * 7
    counts[3, 5] = 2
    files.validation["confusion_matrix"] = counts.tolist()
    page = report_page(files)
    assert page.count("<td></td>") == 100 * 100 - 101 + 1  # and the corner
    assert re.findall('<td class="miss"[^>]*>(.*?)<', page) == ["2"]


def test_mistakes_stand_beside_what_decided_them_if_the_images_are_of_just_these(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    write_noise(files.log / "mistakes.png", 40, 40)
    random = np.random.default_rng(0)
    for sample, shown in ((17, 2), (18, 0)):
        images = MistakeImages.of(np.array([sample]), random.random((1, 5, 5)), random.normal(size=(1, 5, 5)))
        images.write(files.log / "mistakes.npz")
        page = Elements(report_page(files))
        texts = [image["alt"] for image in page.all("img") if image.get("src")]
        assert texts == (
            ["sample 17", "what decided"] if shown else ["images that were taken for another class, the surest first"]
        )


def test_the_network_is_a_diagram_where_its_flow_is_known(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    assert '<svg class="diagram"' not in report_page(files)
    assert files.summary is not None
    flow = [FlowStep("linear0", "linear0", "", ["input"]), FlowStep("linear1", "linear1", "", ["linear0"])]
    replace(files.summary, flow=[*flow, FlowStep("output", "", "", ["linear1"])], memory=3 * 2**20).write(files.log)
    page = report_page(RunFiles(files.models, files.log))
    assert '<svg class="diagram"' in page
    assert "3.0 MiB" in page


def test_tsne_tells_the_settings_that_it_was_made_with(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    write_noise(files.log / "tsne.png", 40, 40)
    points = np.zeros((31, 2))
    TsneMap(points, np.arange(31) % 2, np.arange(31), "validation", "relu2").write(
        files.log / "tsne-epoch-0002.csv", ("cat", "dog")
    )
    page = report_page(files)
    assert "layer relu2, 31 samples of the validation data, perplexity 10, 1,000 iterations" in page
    assert "from principal components, seed 309" in page


def test_digests_and_commands_can_be_copied(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    assert files.summary is not None
    replace(files.summary, digests={"best": "0123456789abcdef"}).write(files.log)
    copies = [
        button["data-copy"]
        for button in Elements(report_page(RunFiles(files.models, files.log))).all("button")
        if "data-copy" in button
    ]
    assert copies[0] == "0123456789abcdef"
    assert copies[1] == "python train.py -c config.json"


def test_a_run_that_was_stopped_tells_where_its_log_says_why(tmp_path: Path) -> None:
    assert "run.log say why" in report_page(made_run(tmp_path, state="stopped"))
    assert "run.log say why" not in report_page(made_run(tmp_path, state="done"))


def test_the_page_lies_beside_the_log(tmp_path: Path) -> None:
    files = made_run(tmp_path)
    path = write_report(files)
    assert path == files.log / "report.html"
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_what_others_wrote_is_as_it_came() -> None:
    stated = dict(re.findall(r"\| (\S+) \| ([0-9a-f]{64}) \|", (FOLDER / "vendor" / "README.md").read_text()))
    assert len(stated) == 2
    for name, checksum in stated.items():
        assert hashlib.sha256((FOLDER / "vendor" / name).read_bytes()).hexdigest() == checksum
