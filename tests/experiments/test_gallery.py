"""The gallery shows every picture that a run can draw."""

import shutil
from pathlib import Path
from typing import get_args

import pytest

from experiments.gallery import PICTURES, draw_compared, draw_gallery
from tests.running import PROJECT, Config, write_config
from utils.config.trainer_settings import PictureName

PAGE = {*get_args(PictureName), "tsne", "comparison", "report"}


def test_every_picture_has_a_place_in_the_gallery() -> None:
    drawn = [name for _, names in PICTURES.values() for name in names]
    page = (PROJECT / "docs/gallery.md").read_text(encoding="utf-8")
    assert sorted([*drawn, "comparison"]) == sorted(PAGE)
    assert all(f"**{name}**" in page and f"images/gallery/{name}.png" in page for name in PAGE)


def test_the_pictures_of_the_page_are_there_and_small() -> None:
    pictures = list((PROJECT / "docs/images/gallery").glob("*.png"))
    assert {path.stem for path in pictures} == PAGE
    assert max(path.stat().st_size for path in pictures) < 300_000


@pytest.mark.usefixtures("here")
def test_pictures_asked_for_are_kept_and_the_runs_are_not(config: Config) -> None:
    write_config(config)
    written = draw_gallery({"config.json": (("trainer.epochs=1",), ("steps",))}, Path("gallery"))
    assert written == [Path("gallery/steps.png")]
    assert written[0].read_bytes().startswith(b"\x89PNG")
    assert not Path("saved").exists()


@pytest.mark.usefixtures("here")
def test_without_a_browser_the_reports_picture_stays_and_what_it_takes_is_said(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    write_config(config)
    assert draw_gallery({"config.json": (("trainer.epochs=1",), ("report",))}, Path("gallery")) == []
    assert 'report.png stays as it is: it takes Chromium and pip install -e ".[browser]"' in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_runs_that_differ_are_compared(config: Config) -> None:
    write_config(config)
    rates = ["optimizer.args.lr=0.1", "optimizer.args.lr=0.2"]
    assert draw_compared({"config.json": rates}, Path("gallery")) == [Path("gallery/comparison.png")]
    assert Path("gallery/comparison.png").read_bytes().startswith(b"\x89PNG")
