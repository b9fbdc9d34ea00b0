"""Train a few small runs and keep their pictures for docs/gallery.md: python -m tools.gallery"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

import utils.quiet_start  # noqa: F401 - first of all
from logger.pictures.small import copy_small
from tools.plot_augmentation import plot_augmentation
from tools.plot_schedule import plot_schedule
from tools.screenshots import VIEWS, draw, photograph
from utils.command_line import no_arguments, search_arguments
from utils.config.trainer_settings import PictureName
from utils.entry import run_program
from utils.files import make_folder
from utils.local_server import served

FOLDER = Path("docs/images/gallery")
LARGEST = 150_000  # bytes of a picture
SEARCH_PICTURES = ("history", "importance", "parallel", "heat_map")


@dataclass(frozen=True)
class Shown:
    """A run, and what is kept of it: pictures of training, of t-SNE, of test.py, and of its page, "report"."""

    config: str
    changes: tuple[str, ...]
    names: tuple[PictureName | Literal["tsne", "tsne-test", "report"], ...]


RUNS = (
    Shown(
        "config.json",
        ("trainer.epochs=5", 'trainer.tsne={"epochs": [0, 1, 5]}'),
        ("curves", "steps", "dynamics", "confusion", "mistakes", "weights", "tsne", "tsne-test", "report"),
    ),
    Shown("configs/cnn.json", ("trainer.epochs=1",), ("kernels", "feature_maps")),
    Shown("configs/two_dimensional_spirals.json", (), ("boundary",)),
    Shown("configs/diabetes.json", (), ("regression",)),
)
COMPARED = {"configs/digits.json": [f"optimizer.args.lr={lr}" for lr in (0.0003, 0.003, 0.03)]}
SEARCHED = ("config.json", "configs/search/small.json")
SCHEDULE, AUGMENTATION, RANGE_TEST = "configs/cnn_best.json", "configs/cnn_best.json", "config.json"
DRAWN = "draw.npz"
DIGIT = ((0.26, 0.3), (0.36, 0.16), (0.56, 0.13), (0.7, 0.27), (0.64, 0.46), (0.42, 0.68), (0.24, 0.86), (0.78, 0.84))
PLANS = ("schedule", "augmentation", "find-lr")


def names_of_page(name: str) -> list[str]:
    """The names of a page's pictures."""
    return [f"{name}{view.ending}" for view in VIEWS]


def draw_runs(runs: Iterable[Shown], folder: Path) -> list[Path]:
    """Train each and write the pictures asked for into the folder; returns their paths."""
    from trainer.score import score  # only now: a line of usage should not wait for it

    kept = folder.absolute()
    written = []
    for run in runs:
        with _workplace():
            log = _train(run.config, run.changes, run.names)
            if "tsne-test" in run.names:
                score(None, str(Path("saved/models", *log.parts[-2:])), [], tsne=True, verbosity=0)
            pictures = [log / f"{name}.png" for name in run.names if name != "report"]
            if "report" in run.names:
                pictures += photograph((log / "report.html").resolve().as_uri(), log, "report")
            written += [_keep(picture, kept) for picture in pictures]
    return written


def draw_compared(runs: dict[str, list[str]], folder: Path) -> list[Path]:
    """Train each config with each of its changes; write the picture and the page that compare them into the folder."""
    from trainer.compare import compare  # only now: a line of usage should not wait for it

    kept = folder.absolute()
    written = []
    for config, changes in runs.items():
        with _workplace():
            logs = [_train(config, [change], (), f"run{n}") for n, change in enumerate(changes, 1)]
            compare([str(log) for log in logs], None, None, "compared")
            pictures = [Path("compared/comparison.png")]
            page = Path("compared/comparison.html").resolve().as_uri()
            pictures += photograph(page, Path("compared"), "comparison-page")
            written += [_keep(picture, kept) for picture in pictures]
    return written


def draw_searched(config: str, search: str, folder: Path) -> list[Path]:
    """Search, and write the pictures of what came of it, and of the page that lists it, into the folder."""
    from tools.watch.serve import Watch  # only now: a line of usage should not wait for these
    from trainer.search.main import main as run_search

    def wait_for_runs(page: Any) -> None:
        page.locator(".list tbody tr").first.wait_for()

    kept = folder.absolute()
    with _workplace():
        run_search(search_arguments(["-c", config, "-s", search]))
        (found,) = Path("saved/search").iterdir()
        pictures = {name: found / f"{name}.png" for name in SEARCH_PICTURES}
        written = [_keep(path, kept, f"search-{name}") for name, path in pictures.items() if path.is_file()]
        with served(Watch(Path("saved"))) as address:
            return written + [_keep(path, kept) for path in photograph(address, Path(), "watch", wait_for_runs)]


def draw_drawing_page(checkpoint: str, folder: Path) -> list[Path]:
    """Write pictures of a checkpoint's page to draw on, with a digit drawn, into the folder."""
    from trainer.drawing.answers import Answers  # only now: a line of usage should not wait for these
    from trainer.predictor import Predictor

    with TemporaryDirectory() as made, served(Answers(Predictor.load(checkpoint))) as address:
        pictures = photograph(address, Path(made), "draw", lambda page: draw(page, [DIGIT]))
        return [_keep(path, folder) for path in pictures]


def draw_plans(folder: Path) -> list[Path]:
    """Draw a config's learning rate, its augmentation, and a range test into the folder."""
    from trainer.checkpoints.resume import plan  # only now: a line of usage should not wait for these
    from trainer.checks.find_lr import find_lr

    with TemporaryDirectory() as made:
        schedule, augmentation, rates = (Path(made, f"{name}.png") for name in PLANS)
        plot_schedule(SCHEDULE, [], str(schedule))
        plot_augmentation(AUGMENTATION, [], str(augmentation))
        find_lr(plan(RANGE_TEST, None, []), str(rates), [])
        return [_keep(picture, folder) for picture in (schedule, augmentation, rates)]


@contextlib.contextmanager
def _workplace() -> Iterator[None]:
    """A folder of its own for what runs leave, with configs and data, so that pages tell of no other place."""
    here = Path.cwd()
    with TemporaryDirectory() as made, contextlib.chdir(made):
        for name in ("config.json", "configs", "data"):
            if (here / name).exists():
                Path(name).symlink_to(here / name)
        yield


def _train(config: str, changes: Sequence[str], names: Sequence[str], run: str = "gallery") -> Path:
    """Train as train.py does; returns the run's log folder."""
    from trainer.checkpoints.resume import plan  # only now: a line of usage should not wait for these
    from trainer.start import train

    pictures = get_args(PictureName) if "report" in names else [name for name in names if name in get_args(PictureName)]
    settings = [f"trainer.pictures={json.dumps(pictures)}", f"trainer.report={json.dumps('report' in names)}"]
    typed, sys.argv = sys.argv, ["train.py", "-c", config]  # which a page tells of
    try:
        train(plan(config, None, [*changes, *settings]), run, tsne="tsne" in names)
    finally:
        sys.argv = typed
    (log,) = Path("saved").glob(f"log/*/{run}")
    return log


def _keep(picture: Path, folder: Path, name: str = "") -> Path:
    make_folder(folder)
    kept = folder / f"{name or picture.stem}.png"
    copy_small(picture, kept, largest=LARGEST)
    return kept


def main() -> None:
    """Draw all into docs/images/gallery."""
    written = draw_runs(RUNS, FOLDER) + draw_compared(COMPARED, FOLDER) + draw_plans(FOLDER)
    written += draw_searched(*SEARCHED, FOLDER) + draw_drawing_page(DRAWN, FOLDER)
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} pictures in {FOLDER}, {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    no_arguments("tools.gallery", __doc__)
    run_program(main)
