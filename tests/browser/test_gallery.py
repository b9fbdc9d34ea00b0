"""The gallery's pictures of a report are what Chromium shows of it."""

from pathlib import Path

import pytest
from PIL import Image

from tests.running import Config, write_config
from tools.gallery import Shown, draw_runs

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("here")
def test_a_report_is_photographed_wide_and_narrow_light_and_dark(config: Config) -> None:
    write_config(config)
    run = Shown("config.json", ("trainer.epochs=2",), ("report",))
    seen = {}
    for picture in draw_runs([run], Path("gallery")):
        with Image.open(picture) as image:
            colors = image.convert("RGB").getcolors(1 << 20) or []
            seen[picture.stem] = image.size, sum(max(colors)[1]) > 3 * 128, len(colors) > 20
    wide, narrow = (1280, 1000), (585, 1266)
    assert seen == {
        "report": (wide, True, True),
        "report-dark": (wide, False, True),
        "report-390": (narrow, True, True),
        "report-390-dark": (narrow, False, True),
    }
