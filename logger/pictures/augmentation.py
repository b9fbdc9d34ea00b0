"""A sheet of images with what augmentation makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import head, save
from utils.files import OUTPUT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES = 0.8  # the width of an image
_GAP = 0.3  # between the originals and the others, of an image


@drawing
def draw_sheet(originals: Array, versions: Sequence[Array], title: str, path: Path) -> None:
    """Draw images (N, H, W, C), grey or RGB, one a line, and beside each its versions, into a PNG.

    The originals' least number is black and their greatest white, for all images alike. Raises WriteError.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    lines, height, width = originals.shape[:3]
    widths = [1, _GAP, *[1] * len(versions)]
    layout = ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02, wspace=0, hspace=0)
    size = (_INCHES * sum(widths), _INCHES * lines * height / width + 0.5)
    figure = Figure(figsize=size, layout=layout, facecolor="white")
    head(figure, title)
    grid = figure.add_gridspec(lines, len(widths), width_ratios=widths)
    low, high = originals.min(), originals.max()
    for column, images in zip([0, *range(2, len(widths))], [originals, *versions], strict=True):
        for line, image in enumerate((images - low) / (high - low or 1)):
            _draw(figure.add_subplot(grid[line, column]), image)
    figure.axes[0].set_title("original")
    save(figure, path, OUTPUT)


def _draw(axes: Axes, image: Array) -> None:
    axes.axis("off")
    axes.imshow(image.clip(0, 1).squeeze(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
