"""How long the pages of draw.py and watch.py take in Chromium: python -m benchmarks.pages

From the last movement of a stroke until the bars show what the network says, for the forty drawings that draw.npz is
tested with; and from asking for the page of 1,000 runs until it lists them all, when the server has read none of them
and again. Needs the extra "browser" and Chromium (CONTRIBUTING.md).
"""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browser.drawings import drawings
from tests.browser.pages import chromium
from tests.tools.watch.making import made_runs
from tools.screenshots import draw, settle
from tools.watch.serve import Watch
from trainer.drawing.answers import Answers
from trainer.predictor import Predictor
from utils.command_line import no_arguments
from utils.local_server import served

RUNS, ROUNDS = 1000, 5


def main() -> None:
    """Print both."""
    with chromium() as browser:
        delays = sorted(_stroke_milliseconds(browser))
        nine_of_ten = delays[len(delays) * 9 // 10]
        print(f"from a stroke to the bars: {statistics.median(delays):.0f} ms, 9 of 10 within {nine_of_ten:.0f} ms")
        seconds = zip(*(_listing_seconds(browser) for _ in range(ROUNDS)), strict=True)
        first, again = map(statistics.median, seconds)
        print(f"from asking to the list of {RUNS:,} runs: {first:.2f} s at first, then {again:.2f} s")
    print(f"load {os.getloadavg()[0]:.1f}")


def _stroke_milliseconds(browser: Any) -> list[float]:
    """Milliseconds from the end of each drawing to what is said of it."""
    delays = []
    with served(Answers(Predictor.load("draw.npz"))) as address:
        page = browser.new_page()
        page.goto(address)
        settle(page)
        for _, strokes in drawings():
            page.get_by_role("button", name="Clear").click()
            draw(page, strokes)
            delays.append(float(page.locator("#answer").get_attribute("data-milliseconds")))
        page.close()
    return delays


def _listing_seconds(browser: Any) -> tuple[float, float]:
    """Seconds until the page lists all runs at first, and when it is loaded again."""
    with tempfile.TemporaryDirectory() as folder:
        made_runs(Path(folder), RUNS)
        with served(Watch(Path(folder))) as address:
            page = browser.new_page()
            seconds = []
            for _ in range(2):
                begun = time.perf_counter()
                page.goto(address)
                page.locator(".list tbody tr").nth(RUNS - 1).wait_for(state="attached")
                seconds.append(time.perf_counter() - begun)
            page.close()
    return seconds[0], seconds[1]


if __name__ == "__main__":
    no_arguments("benchmarks.pages", __doc__)
    main()
