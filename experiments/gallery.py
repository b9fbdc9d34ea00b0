"""Train a few small runs and keep their pictures for docs/gallery.md: python -m experiments.gallery"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import utils.quiet_start  # noqa: F401 - first of all
from experiments.small_picture import copy_small
from utils.command_line import no_arguments
from utils.config.trainer_settings import PictureName
from utils.entry import run_program
from utils.files import make_folder

FOLDER = Path("docs/images/gallery")
PICTURES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # a config: changes to it, and what is kept
    "config.json": (
        ("trainer.epochs=5", 'trainer.tsne={"epochs": [0, 1, 5]}'),
        ("curves", "steps", "dynamics", "confusion", "mistakes", "weights", "tsne", "report"),
    ),
    "configs/cnn.json": (("trainer.epochs=1",), ("kernels", "feature_maps")),
    "configs/two_dimensional_spirals.json": ((), ("boundary",)),
}
COMPARED = {"configs/digits.json": [f"optimizer.args.lr={lr}" for lr in (0.0003, 0.003, 0.03)]}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def draw_gallery(pictures: dict[str, tuple[tuple[str, ...], tuple[str, ...]]], folder: Path) -> list[Path]:
    """Train each config and write the pictures asked for into the folder; returns their paths."""
    written = []
    for config, (changes, names) in pictures.items():
        with TemporaryDirectory() as saved:
            log = _train(config, changes, names, Path(saved))
            for name in names:
                if name != "report" or _photograph(log / "report.html", log / "report.png"):
                    written.append(_keep(log / f"{name}.png", folder))
    return written


def draw_compared(runs: dict[str, list[str]], folder: Path) -> list[Path]:
    """Train each config with each of its changes and write the picture that compares them into the folder."""
    from trainer.compare import compare

    written = []
    for config, changes in runs.items():
        with TemporaryDirectory() as saved:
            logs = [_train(config, [change], (), Path(saved), f"run{n}") for n, change in enumerate(changes, 1)]
            compare([str(log) for log in logs], None, None, saved)
            written.append(_keep(Path(saved) / "comparison.png", folder))
    return written


def _train(config: str, changes: Sequence[str], names: Sequence[str], saved: Path, run: str = "gallery") -> Path:
    """Train; returns the run's log folder."""
    from trainer.checkpoints.resume import plan  # only now: a line of usage should not wait for these
    from trainer.start import train

    chosen = json.dumps([name for name in names if name in get_args(PictureName)])
    report = json.dumps("report" in names)
    settings = [*changes, f"trainer.pictures={chosen}", f"trainer.report={report}", f"trainer.save_dir={saved}"]
    train(plan(config, None, settings), run, tsne="tsne" in names)
    (log,) = saved.glob(f"log/*/{run}")
    return log


def _photograph(page: Path, picture: Path) -> bool:
    """Open a page in a browser and write what is seen of its curves; whether there is a browser."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        browser = None
    if browser is None:
        print(f'{picture.name} stays as it is: it takes Chromium and pip install -e ".[browser]"')
        return False
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=browser) as opened:
        seen = opened.new_page(viewport={"width": 1280, "height": 1000})
        seen.goto(f"{page.resolve().as_uri()}#curves")
        seen.screenshot(path=picture)
    return True


def _keep(picture: Path, folder: Path) -> Path:
    make_folder(folder)
    kept = folder / picture.name
    copy_small(picture, kept)
    return kept


def main() -> None:
    """Draw all into docs/images/gallery."""
    written = draw_gallery(PICTURES, FOLDER) + draw_compared(COMPARED, FOLDER)
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} pictures in {FOLDER}, {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    no_arguments("experiments.gallery", __doc__)
    run_program(main)
