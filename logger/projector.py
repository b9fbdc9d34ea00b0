"""Files of TensorBoard's projector: features of samples with their labels and images."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from base.types import Array
from logger.tiles import tiled, write_png
from utils.files import make_own_folder, opened, replacing

_LARGEST_SPRITE = 8192  # pixels a side: more is more than browsers draw


def write_projection(folder: Path, layer: str, features: Array, labels: Sequence[str], images: Array | None) -> None:
    """Write features (N, ...), a label each and, where there are such, images (N, H, W, C) from 0 to 1. Raises
    WriteError.
    """
    make_own_folder(folder)
    rows = features.reshape(len(features), -1)
    with opened(folder / "features.tsv", "wb") as file:
        np.savetxt(file, rows, fmt="%.6g", delimiter="\t")
    _write_text(folder / "labels.tsv", "".join(f"{' '.join(label.split())}\n" for label in labels))
    lines = [f"tensor_name: {json.dumps(layer)}", 'tensor_path: "features.tsv"', 'metadata_path: "labels.tsv"']
    if images is not None and _sprite_side(images) <= _LARGEST_SPRITE:
        write_png(folder / "samples.png", tiled(images))
        height, width = images.shape[1:3]
        sizes = f"single_image_dim: {width} single_image_dim: {height}"
        lines.append(f'sprite {{ image_path: "samples.png" {sizes} }}')
    _write_text(folder / "projector_config.pbtxt", "embeddings {\n  " + "\n  ".join(lines) + "\n}\n")


def _sprite_side(images: Array) -> int:
    return math.ceil(math.sqrt(len(images))) * max(images.shape[1:3])


def _write_text(path: Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text.encode())
