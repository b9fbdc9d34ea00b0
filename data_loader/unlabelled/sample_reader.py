"""Samples without targets, read as the samples that a network was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from base.base_data_loader import BaseDataLoader
from base.dataset import Dataset, TableColumn, all_rows
from base.errors import DataError
from base.preprocessing import Preprocessing
from base.types import Array, Shape
from data_loader.class_folders import few
from data_loader.image_files import MOST_PIXELS, ImageReader, formats
from data_loader.loaders.csv_table import CsvDataLoader
from data_loader.loaders.image_folder import ImageFolderDataLoader
from data_loader.loaders.mnist import MnistDataLoader
from data_loader.loaders.npz import NpzDataLoader
from data_loader.sample_shapes import shaped
from data_loader.table_format import TableFormat
from data_loader.unlabelled.array_files import array_blocks, array_shape, finite
from data_loader.unlabelled.blocks import ArrayBlock, Block, ImageBlock, TableBlock
from data_loader.unlabelled.find import Kind, images_below, kind_of
from data_loader.unlabelled.image_block import Run, decode
from data_loader.unlabelled.problems import Problems
from data_loader.unlabelled.table_rows import code_cells, table_blocks, table_format
from utils.missing_paths import missing

BLOCK_BYTES = 2**25  # of the samples that are read at once
BLOCK_ROWS = 2**14
_BYTES = 255.0


class Survey(NamedTuple):
    """About how many samples there are, in files of which kinds, and how many files are tables or arrays."""

    samples: int
    kinds: set[Kind]
    tables_and_arrays: int


@dataclass(frozen=True, eq=False)
class SampleReader:
    """Reads files and arrays by a network's preprocessing and its data loader's arguments."""

    known: Preprocessing
    loader: BaseDataLoader

    @property
    def shape(self) -> Shape:
        """The shape of a sample as the network reads it."""
        assert self.known.input_shape is not None
        return self.known.input_shape

    @property
    def most(self) -> int:
        """The number of samples that are read at once."""
        return max(1, min(BLOCK_ROWS, BLOCK_BYTES // max(1, 4 * int(np.prod(self.shape)))))

    @cached_property
    def image_reader(self) -> ImageReader | None:
        """The reader of images; None where the network takes none."""
        if isinstance(self.loader, ImageFolderDataLoader):
            return self.loader.reader()
        if len(self.shape) != 3 or self.shape[-1] not in (1, 3) or self.known.dtype != "uint8":
            return None
        return ImageReader(3 if self.shape[-1] == 3 else 1, None, "stretch", (255, 255, 255), MOST_PIXELS)

    def _kind(self, path: Path) -> Kind:
        """The kind of a file. Raises DataError where it cannot be looked into."""
        return kind_of(path, formats(), "image" if self.image_reader else "table")

    def survey(self, paths: Iterable[str]) -> Survey:
        """A count of what there is to read, as far as it can be seen without reading it."""
        samples, kinds = 0, set[Kind]()
        ignored = Problems()
        tables_and_arrays = 0
        for _, path, kind in self._files(paths, ignored):
            kinds.add(kind)
            tables_and_arrays += kind != "image"
            with suppress(DataError, OSError):
                samples += 1 if kind == "image" else self._rows_in(path, kind)
        return Survey(samples, kinds, tables_and_arrays)

    def blocks(self, paths: Iterable[str], problems: Problems) -> Iterator[Block]:
        """The samples of files and folders, in their order."""
        names: list[str] = []
        images: list[Path] = []
        for name, path, kind in self._files(paths, problems):
            if kind == "image":
                names.append(name)
                images.append(path)
            if images and (kind != "image" or len(images) == self.most):
                yield ImageBlock(images, names)
                names, images = [], []
            if kind != "image":
                try:
                    yield from (replace(block, path=name) for block in self._rows(path, kind, problems))
                except DataError as error:
                    problems.fail(str(error))
        if images:
            yield ImageBlock(images, names)

    def read(self, block: Block, run: Run, problems: Problems) -> tuple[Dataset, Array, Mapping[int, str]]:
        """The samples of a block that can be read, their positions in it, and why the others cannot.

        The targets say nothing. `run` runs tasks on all workers. Raises DataError where none can be read.
        """
        wrong: Mapping[int, str] = {}
        columns, scale = None, self.known.scale
        where = block.where
        if isinstance(block, ImageBlock):
            inputs, wrong, scale = self._images(block, run, problems)
        elif isinstance(block, TableBlock):
            inputs, columns, wrong = code_cells(block, self.known.columns, int(np.prod(self.shape)))
        else:
            inputs = block.inputs
            wrong = {
                int(at): f"{where}: sample {block.start + at}, counted from 0, holds nan or an infinity"
                for at in np.flatnonzero(~finite(inputs))
            }
        kept = np.array([at for at in range(len(block)) if at not in wrong], np.intp)
        if not len(kept):
            return Dataset(np.empty((0, *self.shape)), np.empty(0), kept), kept, wrong
        return self._dataset(inputs[kept] if wrong else inputs, where, problems, scale, columns), kept, wrong

    def _dataset(
        self,
        stored: Array,
        where: str,
        problems: Problems,
        scale: float | None,
        columns: tuple[TableColumn, ...] | None,
    ) -> Dataset:
        """Stored samples as the network reads them, with targets that say nothing. Raises DataError."""
        known, targets = self.known, np.zeros(len(stored), np.float64 if self.known.classes is None else np.int64)
        if known.columns is None:
            columns = None
        if columns is None:
            stored = self._shaped(stored, where)
            self._check_bytes(stored, where)
        elif stored[:1].size == np.prod(self.shape):  # no column becomes several inputs
            stored = stored.reshape(len(stored), *self.shape)
        data = Dataset(stored, targets, all_rows(stored), known.classes, scale or 1.0, columns=columns)
        notes: list[str] = []
        ready = known.apply([data], notes)[0]
        for note in notes:
            problems.note(note)
        return replace(ready, inputs=ready.inputs.reshape(len(stored), *self.shape), columns=None)

    def _shaped(self, stored: Array, where: str) -> Array:
        try:
            return shaped(stored, list(self.shape), where)[0]
        except DataError as error:
            if stored.size != np.prod(self.shape):
                raise
            raise DataError(f"{error}; a single sample x is given as an array of one, x[None]") from None

    def _check_bytes(self, stored: Array, where: str) -> None:
        """Raise DataError for numbers that are no bytes where bytes were trained on, such as shades from 0 to 1."""
        if self.known.dtype != "uint8" or stored.dtype == np.uint8:
            return
        lowest, highest = stored.min(), stored.max()
        if stored.dtype.kind == "b":
            found = "is of bool"
        elif stored.dtype.kind == "f" and (stored != np.floor(stored)).any():
            found = "has fractions"
        elif lowest < 0 or highest > _BYTES:
            found = f"has numbers from {lowest:g} to {highest:g}"
        else:
            return
        raise DataError(
            f"{where}: {found}; expected whole numbers from 0 to 255, as the samples that were trained on are stored"
        )

    def _files(self, paths: Iterable[str], problems: Problems) -> Iterator[tuple[str, Path, Kind]]:
        """Each file that is given or in a folder, by name, path and kind."""
        for name in paths:
            path = Path(name)
            try:
                if path.is_dir():
                    yield from ((str(image), image, "image") for image in self._below(path, problems))
                elif path.is_file():
                    yield name, path, self._kind(path)
                elif path.exists():  # which ends with its first reading, if ever
                    raise DataError(f"{path}: is not a file but a pipe or a device; save it as a file and give that")
                else:
                    raise DataError(f"{path}: {missing(path)}")
            except DataError as error:
                problems.fail(str(error))
            except OSError as error:
                problems.fail(f"{path}: cannot be read: {error.strerror or error}")
            except ValueError as error:
                problems.fail(f"{path}: cannot be read: {error}")

    def _rows_in(self, path: Path, kind: Kind) -> int:
        """About how many samples a file has."""
        if kind != "table":
            return array_shape(path, kind, self._array_name)[0]
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(2**20), b""))

    def _below(self, folder: Path, problems: Problems) -> Iterator[Path]:
        others: list[Path] = []
        found = False
        for path in images_below(folder, formats(), others):
            found = True
            yield path
        names = few([path.relative_to(folder) for path in others])
        if not found:
            raise DataError(f"{folder}: holds no images" + (f", but others: {names}" if others else ""))
        problems.note(f"{folder}: passed over, as no images ({len(others)}): {names}" if others else None)

    def _rows(self, path: Path, kind: Kind, problems: Problems) -> Iterator[TableBlock | ArrayBlock]:
        if kind == "table":
            yield from table_blocks(self._table_format(path), self._decimal, self.most, problems.fail)
            return
        for block in array_blocks(path, kind, self._array_name, BLOCK_BYTES, self.most):
            turned = kind == "idx" and isinstance(self.loader, MnistDataLoader) and self.loader.transpose
            yield replace(block, inputs=block.inputs.swapaxes(1, 2)) if turned and block.inputs.ndim == 3 else block

    def _table_format(self, path: Path) -> TableFormat:
        """The form of a table. Raises DataError."""
        loader = self.loader
        if isinstance(loader, CsvDataLoader):
            return table_format(path, loader.encoding, loader.delimiter, loader.header, loader.decimal)
        return table_format(path, "utf-8", None, None, self._decimal)

    @property
    def _array_name(self) -> str | None:
        """The name of an .npz file's array of inputs."""
        return self.loader.inputs if isinstance(self.loader, NpzDataLoader) else None

    @property
    def _decimal(self) -> str:
        return self.loader.decimal if isinstance(self.loader, CsvDataLoader) else "."

    def _images(self, block: ImageBlock, run: Run, problems: Problems) -> tuple[Array, Mapping[int, str], float]:
        """Pixels, what is wrong with some, and what they are divided by, as white is 255."""
        reader = self.image_reader
        if reader is None:
            shape = " x ".join(map(str, self.shape))
            raise DataError(
                f"{block.paths[0]}: is taken for an image, but the network takes samples of {shape} numbers"
            )
        scale = self.known.scale or 1.0
        if scale not in (1.0, _BYTES) and self.known.normalize:
            raise DataError(
                f"{block.paths[0]}: white was {scale:g} in the samples that were trained on; store it as such"
            )
        pixels, transparent, wrong = decode(list(block.paths), reader, self.shape, run)
        if transparent.any() and not (
            isinstance(self.loader, ImageFolderDataLoader) and self.loader.background is not None
        ):
            problems.note("images that are transparent in places are laid on white")
        return pixels, wrong, 1.0 if scale == 1.0 else _BYTES
