"""Inputs that a user enters on a page: pixels, or a field for each number."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from threading import Lock
from typing import Any, Literal

import numpy as np

from base.errors import DataError, UserError
from base.preprocessing import ColumnCoding, Preprocessing
from base.types import Array, Shape
from data_loader.image_files import MOST_PIXELS, ImageReader
from data_loader.loaders.mnist import MnistDataLoader
from data_loader.unlabelled.blocks import ArrayBlock, TableBlock
from trainer.predictor import Predictor

MOST_FIELDS = 256
_MNIST = (28, 28, 1)
_WHERE = "the page"
_DECODING = Lock()  # Pillow's limits are switched for all threads


@dataclass(frozen=True)
class Pixels:
    """An image in bytes (H, W, C), whatever the network's data are stored as; `white` is what 255 is there."""

    shape: tuple[int, int, int]
    stored_shape: Shape
    white: float
    in_bytes: bool
    as_mnist: bool
    reader: ImageReader
    kind: Literal["pixels"] = "pixels"

    def block(self, body: bytes) -> ArrayBlock:
        """The sample that bytes are. Raises UserError for another number of them."""
        if len(body) != np.prod(self.shape):
            raise UserError(f"expected {' x '.join(map(str, self.shape))} bytes, got {len(body)}")
        shades = np.frombuffer(body, np.uint8) * (self.white / 255)
        stored = np.rint(shades).astype(np.uint8) if self.in_bytes else shades
        return ArrayBlock(_WHERE, _WHERE, 0, stored.reshape(1, *self.stored_shape))

    def first(self) -> ArrayBlock:
        """The first input: nothing."""
        return self.block(bytes(int(np.prod(self.shape))))

    def shown(self, stored: Array) -> bytes:
        """A stored sample in bytes."""
        return np.rint(np.clip(stored * (255 / self.white), 0, 255)).astype(np.uint8).tobytes()

    def decoded(self, file: bytes, name: str) -> bytes:
        """An image file in bytes of this shape. Raises DataError for what is none."""
        try:
            with _DECODING:
                return self.reader.read(io.BytesIO(file), PurePath(name).suffix)[0].tobytes()
        except ValueError as error:
            raise DataError(f"{name or 'the image'}: cannot be read as an image: {error}") from error

    def description(self) -> dict[str, Any]:
        """Plain values for the page."""
        return {
            "kind": self.kind,
            "shape": self.shape,
            "white": self.white,
            "in_bytes": self.in_bytes,
            "as_mnist": self.as_mnist,
            "resize_mode": self.reader.resize_mode,
            "background": self.reader.background,
        }


@dataclass(frozen=True)
class Fields:
    """Numbers and categories by name; `start` is what stands there first."""

    codings: Sequence[ColumnCoding]
    start: Sequence[str]
    is_table: bool
    stored_shape: Shape
    kind: Literal["fields"] = "fields"

    def block(self, values: Sequence[str]) -> TableBlock | ArrayBlock:
        """The sample of fields' texts. Raises UserError for another number of them, or what is no number."""
        if len(values) != len(self.codings) or not all(isinstance(value, str) for value in values):
            raise UserError(f"expected {len(self.codings)} texts")
        if self.is_table:
            names, columns = [coding.name for coding in self.codings], [[value] for value in values]
            return TableBlock(_WHERE, names, True, ".", [1], columns, "row")
        try:
            stored = np.array([[float(value) for value in values]])
        except ValueError as error:
            raise DataError(f"expected numbers: {error}") from error
        return ArrayBlock(_WHERE, _WHERE, 0, stored.reshape(1, *self.stored_shape))

    def first(self) -> TableBlock | ArrayBlock:
        """The first input."""
        return self.block(self.start)

    def shown(self, stored: Array) -> list[str]:
        """The texts of a stored sample, whose columns are coded."""
        numbers, texts, place = stored.reshape(-1).tolist(), [], 0
        for coding in self.codings:
            own = numbers[place : place + len(coding.names)]
            place += len(own)
            texts.append(_text(coding, own))
        return texts

    def description(self) -> dict[str, Any]:
        """Plain values for the page."""
        fields = [
            {
                "name": coding.name,
                "categories": coding.categories,
                "one_hot": coding.one_hot,
                "fill": coding.fill,
                "start": start,
            }
            for coding, start in zip(self.codings, self.start, strict=True)
        ]
        return {"kind": self.kind, "fields": fields}


def inputs_of(predictor: Predictor) -> Pixels | Fields:
    """The inputs of a network on a page. Raises UserError for samples that are neither images nor a few numbers."""
    known = predictor.preprocessing
    shape = known.input_shape
    assert shape is not None
    if (len(shape) == 3 and shape[2] in (1, 3)) or (len(shape) == 2 and known.columns is None and min(shape) > 7):
        return _pixels(predictor, shape)
    count = int(np.prod(shape)) if known.columns is None else len(known.columns)
    if count > MOST_FIELDS:
        size = " x ".join(map(str, shape))
        raise UserError(
            f"{predictor.path}: takes samples of {size} numbers; draw.py takes images, grey or RGB, and at most "
            f"{MOST_FIELDS} numbers, for which its page has fields; use predict.py"
        )
    codings = known.columns or [ColumnCoding(f"x{number}") for number in range(1, count + 1)]
    return Fields(codings, _start(known, codings), known.columns is not None, shape)


def _pixels(predictor: Predictor, shape: Shape) -> Pixels:
    known = predictor.preprocessing
    height, width, channels = (*shape, 1)[:3]
    own = predictor.reader.image_reader
    reader = own or ImageReader(3 if channels == 3 else 1, None, "stretch", (255, 255, 255), MOST_PIXELS)
    in_bytes = known.dtype == "uint8"
    white = known.scale if known.scale is not None and known.scale > 1 else (255.0 if in_bytes else 1.0)
    as_mnist = shape == _MNIST and isinstance(predictor.settings.data_loader, MnistDataLoader)
    resized = replace(reader, resize=reader.resize or (height, width))
    return Pixels((height, width, channels), shape, white, in_bytes, as_mnist, resized)


def _start(known: Preprocessing, codings: Sequence[ColumnCoding]) -> list[str]:
    """The middle of what was trained on where it is known, else what gaps are filled with, a first category, or 0."""
    middles: list[float] | None = None
    if known.offset is not None and known.divisor is not None:
        half = 0.5 if known.normalize == "min_max" else 0.0
        middles = (known.offset + half * known.divisor).reshape(-1).tolist()
    texts, place = [], 0
    for coding in codings:
        if coding.categories is not None:
            texts.append(str(coding.fill or coding.categories[0]))
        elif middles is not None:
            texts.append(f"{middles[place]:.4g}")
        else:
            texts.append("0" if coding.fill is None else f"{float(coding.fill):.4g}")
        place += len(coding.names)
    return texts


def _text(coding: ColumnCoding, numbers: Sequence[float]) -> str:
    if coding.categories is None:
        return f"{numbers[0]:.6g}"
    position = int(np.argmax(numbers)) if coding.one_hot else int(numbers[0])
    unknown = max(numbers) == 0 if coding.one_hot else position < 0
    return "" if unknown else coding.categories[position]
