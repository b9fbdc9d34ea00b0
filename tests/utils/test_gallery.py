"""The gallery shows every picture that a run can draw."""

from pathlib import Path
from typing import get_args

import pytest

from tests.running import PROJECT, Config, write_config
from utils.gallery import PICTURES, draw_gallery
from utils.trainer_settings import PictureName


def test_every_picture_has_a_place_in_the_gallery() -> None:
    drawn = [name for _, names in PICTURES.values() for name in names]
    page = (PROJECT / "docs/gallery.md").read_text(encoding="utf-8")
    assert sorted(drawn) == sorted(get_args(PictureName))
    assert all(f"**{name}**" in page and f"images/gallery/{name}.png" in page for name in drawn)


def test_the_pictures_of_the_page_are_there_and_small() -> None:
    pictures = list((PROJECT / "docs/images/gallery").glob("*.png"))
    assert {path.stem for path in pictures} >= set(get_args(PictureName))
    assert sum(path.stat().st_size for path in pictures) < 2 * 2**20


@pytest.mark.usefixtures("here")
def test_pictures_asked_for_are_kept_and_the_runs_are_not(config: Config) -> None:
    write_config(config)
    written = draw_gallery({"config.json": (("trainer.epochs=1",), ("steps",))}, Path("gallery"))
    assert written == [Path("gallery/steps.png")]
    assert written[0].read_bytes().startswith(b"\x89PNG")
    assert not Path("saved").exists()
