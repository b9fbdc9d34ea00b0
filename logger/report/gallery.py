"""The pictures of a run that its page shows; what the page draws itself is not among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from logger.embedding import ITERATIONS, perplexity_of
from logger.report.images import data_url, fitted, size_of
from logger.run_files import RunFiles
from logger.tsne_map import read_map
from utils.files import read_plain

_PICTURES = {
    "mistakes": ("Mistakes", "images that were taken for another class, the surest first"),
    "confusion": ("Confusion matrix", "which class is taken for which"),
    "regression": ("Predicted and true", "predicted against true numbers, and the residuals"),
    "regression-test": ("Predicted and true on the test data", "predicted against true numbers, and the residuals"),
    "weights": ("Weights", "the weights of each fully connected layer"),
    "kernels": ("Kernels", "the kernels of each convolution"),
    "feature_maps": ("Feature maps", "a few samples on their way through the network"),
    "boundary": ("Decision boundary", "what is said of every point of the plane, and the data"),
    "tsne": ("t-SNE over the epochs", "how a layer separates the classes as training goes on"),
    "tsne-test": ("t-SNE of the test data", "how a layer separates the classes of the test data"),
}
_IMAGES = ("mistakes", "weights", "kernels", "feature_maps")
_MOST_FRAMES = 12


@dataclass(frozen=True)
class Picture:
    """A picture by its file's name without .png; `source` is empty where the page has no room for it.

    `note` says how it was made; `on_card` that its brightness tells something, so that dark pages show it as it is.
    """

    name: str
    title: str
    alt: str
    path: Path
    png: bytes
    width: int
    height: int
    source: str
    note: str = ""

    @property
    def on_card(self) -> bool:
        """True for images of data and of weights."""
        return self.name in _IMAGES


def gallery(files: RunFiles) -> dict[str, Picture]:
    """The pictures that there are, by name, in the order of the page."""
    texts = dict(_PICTURES)
    if files.picture("tsne") is None:  # the sheet, which is drawn when training ends
        texts |= {name: _frame(name) for name in _frames(files)}
    found = (_picture(files, name, *text) for name, text in texts.items())
    return {picture.name: picture for picture in found if picture is not None}


def within(pictures: Mapping[str, Picture], room: int) -> dict[str, Picture]:
    """The same in at most `room` characters, made smaller or left out as need be."""
    small = fitted({name: picture.png for name, picture in pictures.items()}, room)
    return {name: replace(picture, source=_source(small[name])) for name, picture in pictures.items()}


def source_size(pictures: Iterable[Picture]) -> int:
    """The number of characters of a page that the pictures take."""
    return sum(len(picture.source) for picture in pictures)


def _picture(files: RunFiles, name: str, title: str, alt: str) -> Picture | None:
    path = files.picture(name)
    try:
        png = read_plain(path) if path else b""
    except OSError:
        return None
    size = size_of(png) if path else None
    if path is None or size is None:
        return None
    return Picture(name, title, alt, path, png, *size, data_url(png), _tsne_note(files, name))


def _frames(files: RunFiles) -> list[str]:
    """The newest pictures of single epochs."""
    return sorted(path.stem for path in files.log.glob("tsne-epoch-*.png"))[-_MOST_FRAMES:]


def _frame(name: str) -> tuple[str, str]:
    epoch = name.rpartition("-")[2].lstrip("0") or "0"
    return f"t-SNE after epoch {epoch}", f"how a layer separates the classes after epoch {epoch}"


def _tsne_note(files: RunFiles, name: str) -> str:
    """The settings that a t-SNE picture was made with, as its points tell them."""
    if not name.startswith("tsne"):
        return ""
    tables = [files.log / f"{name}.csv"] if name != "tsne" else sorted(files.log.glob("tsne-epoch-*.csv"))[-1:]
    found = [read_map(path, files.summary.classes if files.summary else None) for path in tables]
    known = [one for one in found if one is not None]
    if not known:
        return ""
    samples, seed = len(known[-1].samples), files.config.get("seed")
    text = f"layer {known[-1].layer}, {samples:,} samples of the {known[-1].data} data, perplexity "
    return f"{text}{perplexity_of(samples):g}, {ITERATIONS:,} iterations from principal components, seed {seed}"


def _source(png: bytes | None) -> str:
    return data_url(png) if png else ""
