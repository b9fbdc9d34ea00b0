"""The surest mistakes as images, each beside what in it decided."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from base.types import Array
from logger.mistake_images import FILE, read_mistake_images
from logger.report.classes import WrongPrediction
from logger.report.images import data_url
from logger.run_files import RunFiles

_LARGEST = 96  # pixels of a side
_FOR, _AGAINST = (0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2)


@dataclass(frozen=True)
class MistakeTile:
    """A mistake, its image, and its map: orange where a larger input speaks for the prediction, blue against it."""

    mistake: WrongPrediction
    image: str
    map: str

    @property
    def size(self) -> int:
        """The number of characters that its pictures take."""
        return len(self.image) + len(self.map)


def mistake_tiles(files: RunFiles, mistakes: Sequence[WrongPrediction]) -> list[MistakeTile]:
    """A tile for each mistake; none where there are no images of just these."""
    held = read_mistake_images(files.log / FILE)
    if held is None or held.samples.tolist() != [one.number for one in mistakes]:
        return []
    triples = zip(mistakes, held.images, held.gradients, strict=True)
    return [MistakeTile(one, _png(image), _png(_colored(gradient))) for one, image, gradient in triples]


def _colored(gradient: Array) -> Array:
    """Colors (H, W, 4) that are stronger the larger the gradient; 0 is the ground, be it light or dark."""
    colors = np.where(gradient[..., None] > 0, _FOR, _AGAINST)
    opaque = np.minimum(2 * np.abs(gradient.astype(int)), 255)
    return np.concatenate([colors, opaque[..., None]], axis=2).astype(np.uint8)


def _png(pixels: Array) -> str:
    from PIL import Image

    picture = Image.fromarray(pixels)
    picture.thumbnail((_LARGEST, _LARGEST))
    held = io.BytesIO()
    picture.save(held, "PNG", optimize=True)
    return data_url(held.getvalue())
