"""The gallery's picture of a report is what Chromium shows of it."""

from pathlib import Path

import pytest
from PIL import Image

from experiments.gallery import draw_gallery
from tests.running import Config, write_config

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("here")
def test_a_report_is_photographed(config: Config) -> None:
    write_config(config)
    (picture,) = draw_gallery({"config.json": (("trainer.epochs=2",), ("report",))}, Path("gallery"))
    with Image.open(picture) as image:
        assert image.size == (1280, 1000)
        assert len(image.convert("RGB").getcolors(1 << 20)) > 20
