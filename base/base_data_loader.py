"""Data loaders: samples, their split, and their normalisation."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np

from base.constraints import Fraction, PositiveInt, Range
from base.dataset import Dataset, Normalize
from base.errors import DataError
from base.preprocessing import ColumnCoding, Preprocessing, check_alike
from base.provenance import Provenance
from base.random_streams import RandomStreams
from base.splits import Split, draw_groups, draw_order, fold, sample_count
from base.state import State
from base.types import Array


@dataclass(kw_only=True, eq=False)
class BaseDataLoader(ABC):
    """A data set with its split into training, validation and test data; a subclass reads the files.

    It is what PyTorch Lightning calls a data module: it reads, splits and normalises, while `BatchOrder` draws batches.
    A subclass is a dataclass too, whose fields are arguments that a config gives beside these. Making one reads
    nothing: a config is checked whole before a file is opened. Which samples go where depends on the seed alone.

    batch_size: samples per batch; a step takes trainer.accumulate_steps batches.
    shuffle: whether training data come in a new order each epoch.
    class_balanced: whether classes are drawn equally often: an epoch then repeats samples of rare classes and leaves
        out some of common ones.
    validation_split: how much of the training data to validate on instead, as a fraction or a number of samples.
    stratify: whether each part has the classes in the proportions of the whole.
    split: how parts are divided where not at random, such as {"by": "order"} (null: at random).
    subset: how much of the training data to use, as a fraction or a number of samples, drawn before the validation data
        are (null: all).
    normalize: shift and scale each feature, or channel of images, to lie from 0 to 1 ("min_max") or to have mean 0 and
        deviation 1 ("standardize"), by statistics of the training samples alone (null: as the loader reads them).
    """

    batch_size: PositiveInt = 128
    shuffle: bool = True
    class_balanced: bool = False
    validation_split: Fraction | PositiveInt = 0.0
    stratify: bool = False
    split: Split | None = None
    subset: Annotated[float, Range(gt=0, lt=1)] | PositiveInt | None = None
    normalize: Normalize = None

    # What it finds out when it reads: lines for the user, what holds for later data, and what data a checkpoint knows.
    notes: list[str] = field(default_factory=list, init=False)
    preprocessing: Preprocessing | None = field(default=None, init=False)
    known: Provenance | None = field(default=None, init=False)
    changes: list[str] = field(default_factory=list, init=False)
    strict: bool = field(default=True, init=False)
    _loaded: tuple[Dataset, Dataset, Dataset | None] | None = field(default=None, init=False)
    _provenance: Provenance | None = field(default=None, init=False)

    @abstractmethod
    def read_training(self) -> Dataset:
        """All samples that may be trained on, before the split. Raises DataError for files that are not right."""

    def read_validation(self) -> Dataset | None:
        """Validation data of their own, where there are such. Raises DataError for files that are not right."""
        return None

    @abstractmethod
    def read_test(self) -> Dataset:
        """The samples kept for the final score. Raises DataError for files that are not right."""

    def described(self) -> Preprocessing | None:
        """The preprocessing of samples where the arguments tell it without any file; None where they do not.

        For checkpoints of earlier versions, which do not know their data.
        """
        return None

    def decoding(self) -> str | None:
        """A description of the way from files to stored samples, for programs that read such files themselves."""
        return None

    def note(self, text: str | None) -> None:
        """Keep a line that the user should be told once."""
        if text is not None and text not in self.notes:
            self.notes.append(text)

    def column_codings(self, training: Dataset) -> Sequence[ColumnCoding] | None:
        """The coding of a table's columns, fitted on training samples; None for data without columns."""
        return None

    def coding_settings(self) -> State | None:
        """The settings that `column_codings` follows, as plain values; a run with others makes codings of its own."""
        return None

    def load(self, streams: RandomStreams) -> tuple[Dataset, Dataset | None]:
        """Training and validation data. Raises ValueError where the split leaves nothing to train on."""
        data = self._checked(self.read_training(), "training")
        self.compare(data)
        training, validation = self._parts(data, streams)
        parts = [training] if validation is None else [training, validation]
        if self.preprocessing is not None and self._keeps(self.preprocessing, training):
            ready = self.preprocessing.apply(parts, self.notes, "the training data")
        else:
            ready = self._fit(parts)
        assert self.preprocessing is not None
        self.preprocessing = self.preprocessing.counted(ready[0])
        self.note(self.preprocessing.unseen_classes())
        self._loaded = (data, ready[0], None if validation is None else ready[1])
        return ready[0], self._loaded[2]

    def load_test(self, streams: RandomStreams) -> Dataset:
        """Test data, read as training data are: those of a checkpoint where its state is loaded."""
        if self.preprocessing is None:
            self.load(streams)
        assert self.preprocessing is not None
        return self.preprocessing.apply([self._checked(self.read_test(), "test")], self.notes, "the test data")[0]

    def state_dict(self) -> State:
        """The preprocessing and provenance of the data that `load` gave, for checkpoints."""
        assert self.preprocessing is not None
        if self._loaded is not None:
            self._provenance = Provenance.of(*self._loaded)
            self._loaded = None  # what is stored may be as large as what is read of it
        assert self._provenance is not None
        return self.preprocessing.state_dict() | self._provenance.state_dict()

    def load_state_dict(self, state: State, strict: bool = True) -> None:
        """Read data as a checkpoint's were read, and compare them with those.

        With `strict` false, training data that cannot be read so define their own preprocessing, with a note.
        """
        self.preprocessing, self.known, self.strict = (
            Preprocessing.from_state(state),
            Provenance.from_state(state),
            strict,
        )

    def compare(self, data: Dataset) -> None:
        """Note where all data before the split are not those that a checkpoint was trained on."""
        if self.known is not None:
            self.changes = self.known.changes(data)

    def hold_out(self, data: Dataset, count: int, generator: np.random.Generator, name: str) -> tuple[Dataset, Dataset]:
        """Split off about `count` samples; returns the rest and them, both in the order of the data.

        Raises ValueError, naming the argument that asks for it, where nothing is left to train on.
        """
        self._check_settings(data)
        if count >= len(data):
            raise ValueError(f"{name} takes {count} of {len(data)} samples and leaves none to train on")
        if self.split is None or self.split.by != "group":
            return _divided(data, self._order(data, generator)[:count])
        if data.groups is None:
            raise ValueError(f"split by group: {type(self).__name__} has no columns; choose another split")
        return _divided(data, draw_groups(data.groups[data.rows], count, generator))

    def _parts(self, data: Dataset, streams: RandomStreams) -> tuple[Dataset, Dataset | None]:
        self._check_settings(data)
        wanted = len(data) if self.subset is None else sample_count("subset", self.subset, len(data))
        if wanted > len(data):
            raise ValueError(f"subset asks for {wanted} of {len(data)} samples; lower it or leave it out")
        if wanted < len(data):
            data = data.subset(np.sort(self._order(data, streams.generator("subset"))[:wanted]))
        own, by_fold = self.read_validation(), self.split is not None and self.split.by == "fold"
        if own is not None:
            if self.validation_split or by_fold:
                raise ValueError("there are validation data of their own; leave validation_split and split by fold out")
            check_alike(data, self._checked(own, "validation"), "validation")
            return data, own
        generator = streams.generator("split")
        if self.split is not None and by_fold:
            return _divided(data, fold(self._order(data, generator), self.split))
        count = sample_count("validation_split", self.validation_split, len(data))
        return (data, None) if count == 0 else self.hold_out(data, count, generator, "validation_split")

    def _fit(self, parts: Sequence[Dataset]) -> list[Dataset]:
        """Take the preprocessing from the first part, the training samples, and read all parts by it."""
        training, codings = parts[0], self.column_codings(parts[0])
        columns = None if codings is None else tuple(codings)
        made = Preprocessing(training.classes, None, columns, self.coding_settings(), self.normalize)
        ready = made.apply(parts, self.notes, "the training data")  # columns are coded once, before the statistics
        self.preprocessing = made.fitted(training, ready[0])
        return [self.preprocessing.scaled(part, "the training data") for part in ready]

    def _keeps(self, held: Preprocessing, training: Dataset) -> bool:
        """True if the preprocessing of a checkpoint is that of the training data too."""
        if self.strict:
            return True
        if self.normalize != held.normalize or self.coding_settings() != held.coded_as:
            return False
        try:
            held.apply([training], [], "the training data")
        except DataError as error:
            self.note(f"{error}; classes and statistics are those of the data now")
            return False
        return True

    def _check_settings(self, data: Dataset) -> None:
        by = None if self.split is None else self.split.by
        for name in ("stratify", "class_balanced"):
            if getattr(self, name) and data.classes is None:
                raise ValueError(f"{name} needs classes, but the targets are numbers; leave it out")
        if self.stratify and by in ("order", "group"):
            raise ValueError(f"stratify cannot be had with split by {by}; leave one out")
        if self.class_balanced and not self.shuffle:
            raise ValueError("class_balanced draws samples at random, so shuffle must be true")
        if by == "fold" and self.validation_split:
            raise ValueError("split by fold says which samples are validated on; leave validation_split out")
        if self.split is not None and self.split.count is not None and self.split.count > len(data):
            raise ValueError(f"split into {self.split.count} folds, but there are only {len(data)} samples")

    def _order(self, data: Dataset, generator: np.random.Generator) -> Array:
        """The samples, in random order unless the split is by order: then from the last to the first."""
        if self.split is not None and self.split.by == "order":
            return np.arange(len(data))[::-1]
        return draw_order(len(data), generator, data.read_targets(slice(None)) if self.stratify else None)

    def _checked(self, data: Dataset, part: str) -> Dataset:
        """The data, with a target for each sample, whose class indices are within the classes. Raises DataError."""
        if len(data.inputs) != len(data.targets):
            raise DataError(
                f"{type(self).__name__}: there are {len(data.inputs)} {part} samples but {len(data.targets)} targets"
            )
        if data.classes is None or not len(data):
            return data
        targets = data.read_targets(slice(None))
        if targets.ndim != 1 or targets.dtype.kind not in "iu":
            raise DataError(
                f"{type(self).__name__}: with classes, {part} targets must be class indices (N,) of a whole type, not "
                f"{targets.shape} {targets.dtype}"
            )
        wrong = np.flatnonzero((targets < 0) | (targets >= len(data.classes)))
        if len(wrong):
            raise DataError(
                f"{type(self).__name__}: {part} sample {wrong[0]}, counted from 0, has class index "
                f"{targets[wrong[0]]}; {len(data.classes)} classes have indices from 0 to {len(data.classes) - 1}"
            )
        return data


def _divided(data: Dataset, held_out: Array) -> tuple[Dataset, Dataset]:
    """The rest and those samples, both in the order of the data."""
    chosen = np.zeros(len(data), bool)
    chosen[held_out] = True
    return data.subset(np.flatnonzero(~chosen)), data.subset(np.flatnonzero(chosen))
