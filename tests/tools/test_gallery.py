"""The gallery shows every picture that a run can draw."""

import shutil
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from logger.pictures.small import copy_small
from tests.running import PROJECT, Config, write_config
from tools.gallery import LARGEST, PLANS, RUNS, SEARCH_PICTURES, Shown, draw_compared, draw_runs, names_of_page
from utils.config.trainer_settings import PictureName

SEARCHES = [f"search-{name}" for name in SEARCH_PICTURES]
PAGES = [*names_of_page("report"), *names_of_page("comparison-page"), *names_of_page("watch"), *names_of_page("draw")]
PAGE = {*get_args(PictureName), "tsne", "tsne-test", "comparison", *PLANS, *SEARCHES, *PAGES}


def test_every_picture_has_a_place_in_the_gallery() -> None:
    drawn = {name for run in RUNS for name in run.names}
    page = (PROJECT / "docs/gallery.md").read_text(encoding="utf-8")
    assert drawn == {*get_args(PictureName), "tsne", "tsne-test", "report"}
    assert [name for name in sorted(PAGE) if f"(images/gallery/{name}.png)" not in page] == []


def test_the_pictures_of_the_page_are_there_and_small() -> None:
    pictures = list((PROJECT / "docs/images/gallery").glob("*.png"))
    assert {path.stem for path in pictures} == PAGE
    assert max(path.stat().st_size for path in pictures) <= LARGEST
    assert sum(path.stat().st_size for path in pictures) < 3_000_000


def test_a_large_picture_is_made_small(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    copy_small(tmp_path / "noise.png", tmp_path / "small.png", largest=20_000)
    assert (tmp_path / "small.png").stat().st_size <= 20_000
    with Image.open(tmp_path / "small.png") as small:
        assert small.width / small.height == pytest.approx(1.5, rel=0.05)


@pytest.mark.usefixtures("here")
def test_pictures_asked_for_are_kept_and_the_runs_are_not(config: Config) -> None:
    write_config(config)
    written = draw_runs([Shown("config.json", ("trainer.epochs=1",), ("steps",))], Path("gallery"))
    assert [path.name for path in written] == ["steps.png"]
    assert Path("gallery/steps.png").read_bytes().startswith(b"\x89PNG")
    assert not Path("saved").exists()


@pytest.mark.usefixtures("here")
def test_without_a_browser_the_reports_pictures_stay_and_what_they_take_is_said(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    write_config(config)
    assert draw_runs([Shown("config.json", ("trainer.epochs=1",), ("report",))], Path("gallery")) == []
    told = 'pictures of report stay as they are: they take Chromium and pip install -e ".[browser]"'
    assert told in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_runs_that_differ_are_compared(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    write_config(config)
    rates = ["optimizer.args.lr=0.1", "optimizer.args.lr=0.2"]
    assert [path.name for path in draw_compared({"config.json": rates}, Path("gallery"))] == ["comparison.png"]
    assert Path("gallery/comparison.png").read_bytes().startswith(b"\x89PNG")
    assert "pictures of comparison-page stay" in capsys.readouterr().out
