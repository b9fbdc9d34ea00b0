"""The configs on docs/guides/fine-tune.md train as they stand there, but on fewer samples."""

import gzip
import re
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.running import PROJECT
from trainer.fit import fit

PAGE = (PROJECT / "docs" / "guides" / "fine-tune.md").read_text(encoding="utf-8")
CONFIGS = {match[1]: match[0] for match in re.findall(r"```yaml\n(.*?name: (\w+)\n.*?)```", PAGE, re.DOTALL)}
BRIEF = ("trainer.verbosity=0", "trainer.threads=1", "trainer.report=false", "data_loader.args.batch_size=8")


def _write_letters(folder: Path) -> None:
    folder.mkdir(parents=True)
    images, labels = np.zeros((52, 28, 28), np.uint8), np.tile(np.arange(1, 27, dtype=np.uint8), 2)
    for part in ("train", "test"):
        for array, name in ((images, "images-idx3"), (labels, "labels-idx1")):
            header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            path = folder / f"emnist-letters-{part}-{name}-ubyte.gz"
            path.write_bytes(gzip.compress(header + array.tobytes()))


def _write_images(folder: Path) -> None:
    for name in ("cat", "dog", "owl"):
        (folder / name).mkdir(parents=True)
        for number in range(5):
            Image.new("RGB", (40, 30), (number, 0, 0)).save(folder / name / f"{number}.png")


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    ("name", "how", "changes", "epochs"),
    [
        ("letters", "init", ("trainer.epochs=1",), 1),
        ("mine", "init", ("trainer.epochs=1",), 1),
        ("last_layer", "resume", ("data_loader.args.subset=100", "trainer.epochs=18"), 18),
    ],
)
def test_a_config_of_the_page_trains(here: Path, name: str, how: str, changes: Sequence[str], epochs: int) -> None:
    _write_letters(here / "data/emnist")
    _write_images(here / "data/own/images")
    (here / "data/mnist").symlink_to(PROJECT / "data/mnist")
    shutil.copy(PROJECT / "config.json", here)
    Path(f"{name}.yaml").write_text(CONFIGS[name], encoding="utf-8")
    run = fit(f"{name}.yaml", overrides=[*BRIEF, *changes], **{how: PROJECT / "best.npz"})  # type: ignore[arg-type]
    assert run.history["epoch"][-1] == epochs
