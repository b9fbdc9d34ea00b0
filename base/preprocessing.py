"""The way from stored samples to a network's inputs and targets, as the training samples define it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from base.dataset import Dataset, Normalize, TableColumn
from base.errors import DataError
from base.state import State
from base.types import Array, Shape


@dataclass(frozen=True)
class ColumnCoding:
    """The coding of a table's column as inputs: a number as it is, a category as its position or one-hot.

    `fill` takes the place of an empty cell. Categories that are not listed, as an empty `fill` is not, become -1, or
    zeros where one-hot.
    """

    name: str
    fill: float | str | None = None
    categories: tuple[str, ...] | None = None
    one_hot: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the inputs that come of it."""
        return [f"{self.name}={text}" for text in self.categories or ()] if self.one_hot else [self.name]


@dataclass(frozen=True)
class Preprocessing:
    """Properties of the training samples by which all others are read: classes, coding of columns, statistics.

    `class_counts` are the training samples of each class, `coded_as` the settings that `columns` follow, `offset` and
    `divisor` those of `normalize`. Samples that are stored without targets are read by two more: `input_shape` is that
    of a sample as a network reads it, and `scale` what stored numbers are divided by where `normalize` says nothing
    else, such as 255 for bytes (None: it is not a single number).
    """

    classes: tuple[str, ...] | None = None
    class_counts: tuple[int, ...] | None = None
    columns: tuple[ColumnCoding, ...] | None = None
    coded_as: State | None = None
    normalize: Normalize = None
    offset: Array | None = None
    divisor: Array | None = None
    input_shape: Shape | None = None
    dtype: str | None = None
    scale: float | None = None

    def fitted(self, stored: Dataset, training: Dataset) -> Preprocessing:
        """The same with what training samples define beside: shape, type, and the statistics of `normalize`.

        They are given as they are stored, and as this preprocessing reads them. Raises ValueError.
        """
        single = stored.offset is None and np.ndim(stored.divisor) == 0
        scale = float(stored.divisor) if single else None
        made = replace(self, input_shape=training.input_shape, dtype=str(stored.inputs.dtype), scale=scale)
        if self.normalize is None:
            return made
        scaled = training.normalized(self.normalize, training)
        return replace(made, offset=scaled.offset, divisor=np.asarray(scaled.divisor))

    def counted(self, training: Dataset) -> Preprocessing:
        """The same, with the number of training samples of each class; they are read with these classes."""
        if self.classes is None:
            return self
        counts = np.bincount(training.read_targets(slice(None)), minlength=len(self.classes))
        return replace(self, class_counts=tuple(counts.tolist()))

    def unseen_classes(self) -> str | None:
        """A sentence on classes of which there is no training sample, where there are such."""
        unseen = [name for name, count in zip(self.classes or (), self.class_counts or (), strict=True) if not count]
        if not unseen:
            return None
        return f"no training sample is of class {_some(unseen)}, so none can be recognised as such"

    def apply(self, parts: Sequence[Dataset], notes: list[str], what: str = "the data") -> list[Dataset]:
        """Data as a network reads them; what the user should know is added to the notes.

        Arrays that parts share are coded once. Raises DataError, which begins with `what`, for classes, columns or
        shapes that were not trained on.
        """
        coded: dict[int, Array] = {}
        ready = []
        for part in parts:
            if self.columns is not None and part.columns is not None:
                if id(part.inputs) not in coded:
                    coded[id(part.inputs)] = _coded(part, part.columns, self.columns, notes, what)
                names = [TableColumn(name) for coding in self.columns for name in coding.names]
                part = replace(part, inputs=coded[id(part.inputs)], columns=tuple(names))
            ready.append(self.scaled(self._with_classes(part, what), what))
        return ready

    def state_dict(self) -> State:
        """Plain values, and the statistics as arrays."""
        state = {name: value for name, value in vars(self).items() if value is not None}
        if self.columns is not None:
            state["columns"] = [asdict(column) for column in self.columns]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in state.items()}

    @classmethod
    def from_state(cls, state: State) -> Preprocessing:
        """The preprocessing of such a state."""
        known = {name: state[name] for name in cls.__dataclass_fields__ if name in state}
        for name in ("classes", "class_counts", "input_shape"):
            if name in known:
                known[name] = tuple(known[name])
        if "columns" in known:
            columns = [dict(column) for column in known["columns"]]
            known["columns"] = tuple(
                ColumnCoding(**{**column, "categories": _optional_tuple(column.get("categories"))})
                for column in columns
            )
        return cls(**known)

    def _with_classes(self, data: Dataset, what: str) -> Dataset:
        """The data with these classes, whatever their own numbering."""
        if data.classes == self.classes:
            return data
        if data.classes is None or self.classes is None:
            kinds = ["numbers" if classes is None else "classes" for classes in (data.classes, self.classes)]
            raise DataError(f"the targets of {what} are {kinds[0]}, but {kinds[1]} were trained on")
        position = {name: index for index, name in enumerate(self.classes)}
        table = np.array([position.get(name, -1) for name in data.classes], np.int64)
        own = np.unique(data.read_targets(slice(None)))
        unknown = [data.classes[index] for index in own.tolist() if table[index] < 0]
        if unknown:
            known = ", ".join(self.classes[:10]) + (", ..." if len(self.classes) > 10 else "")
            raise DataError(
                f"{what} have {_some(unknown)}, which {'is' if len(unknown) == 1 else 'are'} none of the "
                f"{len(self.classes)} classes that were trained on: {known}; name classes as they were, or leave "
                "out their samples"
            )
        return replace(data, targets=table[data.targets], classes=self.classes)

    def scaled(self, data: Dataset, what: str) -> Dataset:
        """Data whose classes and columns are these, by the statistics. Raises DataError where features differ."""
        if self.offset is None or self.divisor is None:
            return data
        features = data.input_shape[-1] if data.input_shape else 1
        if self.offset.shape != (features,):
            raise DataError(
                f"normalize: samples of {what} have {features} features or channels, but those that were trained on "
                f"{self.offset.size}"
            )
        return replace(data, offset=self.offset, divisor=self.divisor)


def check_alike(training: Dataset, other: Dataset, part: str) -> None:
    """Raise DataError where data of another part have other classes, columns or shapes than the training data."""
    what = f"the {part} data"
    Preprocessing(training.classes).apply([other], [], what)  # which refuses classes that are not there
    if training.columns is not None and other.columns is not None:
        _check_names([column.name for column in training.columns], [column.name for column in other.columns], what)
        return
    for what, one, another in (
        ("inputs", training.input_shape, other.input_shape),
        ("targets", training.target_shape, other.target_shape),
    ):
        if one != another:
            raise DataError(f"the {what} of a training sample have shape {one}, those of a {part} sample {another}")


def _check_names(wanted: Sequence[str], held: Sequence[str], what: str) -> None:
    there = set(held)
    lost = [name for name in wanted if name not in there]
    if lost:
        raise DataError(f"{what} have no column {lost[0]!r}, which was trained on; they have {', '.join(held)}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:10])) + (", ..." if len(names) > 10 else "")


def _optional_tuple(values: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _coded(
    data: Dataset, columns: Sequence[TableColumn], codings: Sequence[ColumnCoding], notes: list[str], what: str
) -> Array:
    """The inputs of a table's columns, picked by name, in the order of training."""
    _check_names([coding.name for coding in codings], [column.name for column in columns], what)
    position = {column.name: index for index, column in enumerate(columns)}
    chosen = [position[coding.name] for coding in codings]
    for coding, index in zip(codings, chosen, strict=True):
        _check_cells(coding, columns[index])
    rows = data.inputs.reshape(len(data.inputs), -1)
    plain = all(
        coding.categories is None and not columns[index].first_gap
        for coding, index in zip(codings, chosen, strict=True)
    )
    if plain:
        picked = rows if chosen == list(range(len(columns))) else rows[:, chosen]
        return picked.reshape(data.inputs.shape if picked.shape == rows.shape else picked.shape)
    inputs = np.empty((len(rows), sum(len(coding.names) for coding in codings)))
    start = 0
    for coding, index in zip(codings, chosen, strict=True):
        end = start + len(coding.names)
        inputs[:, start:end] = _inputs_of(rows[:, index], columns[index], coding, notes)
        start = end
    return inputs


def _check_cells(coding: ColumnCoding, column: TableColumn) -> None:
    if coding.categories is None and column.texts is not None:
        raise DataError(
            f"{column.first_text}; mend it, leave the column out with data_loader.args.features, "
            f'or read its texts as categories with data_loader.args.categories ("one_hot" or "ordinal")'
        )
    if coding.fill is None and column.first_gap:
        raise DataError(
            f"{column.first_gap}; mend it, leave the column out with data_loader.args.features, or "
            'fill its gaps with data_loader.args.missing ("mean", "median" or a value)'
        )


def _inputs_of(cells: Array, column: TableColumn, coding: ColumnCoding, notes: list[str]) -> Array:
    """The inputs (M, n) that the cells (M,) of a column become."""
    if coding.categories is None:
        gap = np.nan if coding.fill is None else float(coding.fill)
        return np.where(np.isnan(cells), gap, cells)[:, None]
    texts, index = texts_of(cells, column)
    place = {text: number for number, text in enumerate(coding.categories)}
    if coding.fill is not None:
        texts = [text or str(coding.fill) for text in texts]
    unknown = sorted({text for text in texts if text and text not in place})
    if unknown:
        some = ", ".join(map(repr, unknown[:5])) + (", ..." if len(unknown) > 5 else "")
        notes.append(
            f"column {coding.name!r} has {some}, which no training sample has; it is read as "
            f"{'none of the categories' if coding.one_hot else '-1'}"
        )
    codes = np.array([place.get(text, -1) for text in texts], np.float64)[index]
    return np.equal(codes[:, None], np.arange(len(place))).astype(np.float64) if coding.one_hot else codes[:, None]


def texts_of(cells: Array, column: TableColumn) -> tuple[list[str], Array]:
    """The distinct texts of a column's cells, "" for a gap, and the position of each cell's among them."""
    values, index = np.unique(cells, return_inverse=True)  # all nan are one
    if column.texts is not None:
        return ["" if np.isnan(value) else column.texts[int(value)] for value in values], index
    return [
        "" if np.isnan(value) else f"{int(value)}" if value == int(value) else repr(float(value)) for value in values
    ], index
