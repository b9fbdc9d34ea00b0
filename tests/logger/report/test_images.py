"""Pictures in little room."""

import io
from pathlib import Path

from PIL import Image

from logger.report.images import data_url, fitted, size_of
from tests.made_run import write_noise


def test_small_pictures_stay_as_they_are_and_large_ones_shrink_into_what_is_left(tmp_path: Path) -> None:
    for name, side in (("small", 20), ("large", 400), ("huge", 600)):
        write_noise(tmp_path / f"{name}.png", side, side)
    pngs = {path.stem: path.read_bytes() for path in tmp_path.iterdir()}
    held = fitted(pngs, 400_000)
    assert held["small"] == pngs["small"]
    assert sum(len(data_url(png)) for png in held.values() if png) <= 400_000
    for name in ("large", "huge"):
        small = held[name]
        assert small is not None
        with Image.open(io.BytesIO(small)) as picture:
            assert picture.size[0] == picture.size[1] >= 100


def test_what_cannot_be_made_small_enough_is_left_out(tmp_path: Path) -> None:
    write_noise(tmp_path / "large.png", 500, 500)
    assert fitted({"large": (tmp_path / "large.png").read_bytes()}, 5000) == {"large": None}
    assert fitted({"large": (tmp_path / "large.png").read_bytes()}, -5) == {"large": None}


def test_half_a_picture_is_none(tmp_path: Path) -> None:
    write_noise(tmp_path / "noise.png", 50, 30)
    png = (tmp_path / "noise.png").read_bytes()
    assert size_of(png) == (50, 30)
    assert size_of(png[: len(png) // 2]) is None
    assert size_of(b"") is None
