"""The most confident mistakes of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import MUTED, save, sheet
from logger.pictures.text import shortened
from logger.pictures.tiles import as_images, bare, brightness

_COLUMNS = 6
_INCHES = 1.45
_LONGEST = 14
_LONGEST_NAME = 18
_END_OF_NAME = 8  # letters, which number a file and say its kind


@dataclass(frozen=True)
class Caption:
    """The text above an image: its target, its prediction, the network's confidence, and its name, if any."""

    target: str
    prediction: str
    certainty: str
    name: str = ""


@drawing
def draw_mistakes(samples: Array, captions: Sequence[Caption], title: str, path: Path) -> None:
    """Draw samples (N, H, W) or (N, H, W, C), each with its caption, into a PNG. Raises WriteError.

    The least number of all is black and the greatest white.
    """
    images = brightness(as_images(samples))
    columns = min(_COLUMNS, len(images))
    rows = -(-len(images) // columns)
    height, width = images.shape[1:3]
    tall = _INCHES * min(1.6, height / width)
    text = 0.66 if any(caption.name for caption in captions) else 0.52
    figure = sheet(max(columns, 4) * _INCHES + 0.3, rows * (tall + text) + 0.45, title)
    plots = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in plots:
        bare(axes)
    for axes, image, caption in zip(plots, images, captions, strict=False):
        axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_title(_text(caption), fontsize=9, linespacing=1.15)
        axes.spines[:].set(visible=True, color=MUTED, linewidth=0.6)
    save(figure, path)


def _text(caption: Caption) -> str:
    target, prediction = (shortened(name, _LONGEST) for name in (caption.target, caption.prediction))
    lines = [f"is {target}", f"said {prediction}", caption.certainty]
    return "\n".join([shortened(caption.name, _LONGEST_NAME, _END_OF_NAME), *lines] if caption.name else lines)


def certainty_text(probability: float) -> str:
    """A probability as a caption says it.

    >>> certainty_text(0.5), certainty_text(0.99999)
    ('50.0 % sure', '>99.9 % sure')
    """
    return f"{100 * probability:.1f} % sure" if probability < 0.9995 else ">99.9 % sure"


def number_text(value: float) -> str:
    """A number as a caption says it."""
    return f"{value:.3g}" if np.isfinite(value) else str(value)
