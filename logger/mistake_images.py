"""Images that a network is most wrong about, and what in them decided, in memory and in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from base.types import Array
from logger.pictures.tiles import as_images, brightness, reach
from utils.files import replacing
from utils.npz import NpzFile

FILE = "mistakes.npz"
_LARGEST = 128  # pixels of a side that are kept
_STEPS = 127  # of a gradient on either side of 0


@dataclass(frozen=True)
class MistakeImages:
    """The `samples` (N,) by number, as `images` (N, H, W) or (N, H, W, 3) of 0 to 255, and `gradients` (N, H, W).

    A gradient is that of the output that won with respect to the input, of -127 to 127: positive where a larger input
    speaks for the prediction. Each is scaled by its own.
    """

    samples: Array
    images: Array
    gradients: Array

    @classmethod
    def of(cls, samples: Array, inputs: Array, gradients: Array) -> MistakeImages:
        """The images of inputs and gradients (N, H, W) or (N, H, W, C); gradients are summed over channels."""
        images = _smaller(brightness(as_images(inputs)))
        flat = gradients if gradients.ndim == 3 else gradients.sum(axis=3, dtype=np.float64)
        flat = _smaller(flat.astype(np.float64))
        scaled = np.array([np.clip(one / reach(one), -1, 1) for one in flat])
        return cls(samples, (images * 255).round().astype(np.uint8), (scaled * _STEPS).round().astype(np.int8))

    def write(self, path: Path) -> None:
        """Write an .npz file. Raises WriteError."""
        with replacing(path) as file:
            np.savez_compressed(file, samples=self.samples, images=self.images, gradients=self.gradients)


def read_mistake_images(path: Path) -> MistakeImages | None:
    """The images in a file; None where it is not such a file."""
    try:
        with NpzFile(path) as file:
            held = MistakeImages(file.read("samples"), file.read("images"), file.read("gradients"))
    except (OSError, ValueError, KeyError):
        return None
    shape, images = held.gradients.shape, held.images.shape
    fits = held.samples.dtype.kind == "i" and held.images.dtype == np.uint8 and held.gradients.dtype == np.int8
    fits = fits and len(shape) == 3 and images[:3] == shape and images[3:] in ((), (3,))
    return held if fits and held.samples.shape == shape[:1] and 0 < max(shape[1:]) <= _LARGEST else None


def _smaller(images: Array) -> Array:
    """Images of at most so many pixels a side, each the mean of a square; what is left over at the edges is cut off."""
    count, height, width = images.shape[:3]
    side = -(-max(height, width) // _LARGEST)
    if side == 1:
        return images
    rows, columns = max(1, height // side), max(1, width // side)
    tall, wide = min(side, height), min(side, width)
    cut = images[:, : rows * tall, : columns * wide]
    return np.asarray(cut.reshape(count, rows, tall, columns, wide, *images.shape[3:]).mean(axis=(2, 4)))
