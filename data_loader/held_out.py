"""Test data for data sets that come without."""

from abc import abstractmethod
from dataclasses import dataclass

from base.base_data_loader import BaseDataLoader
from base.constraints import Fraction, PositiveInt
from base.dataset import Dataset
from base.errors import DataError
from base.preprocessing import check_alike
from base.random_streams import RandomStreams
from base.splits import sample_count

# The held-out samples are those of this seed whatever the run's is: a run that starts from another's weights with a
# seed of its own is then never tested on what those were trained on, and runs that differ in seed are compared on one
# test set.
SEED = 0


@dataclass(kw_only=True, eq=False)
class HeldOutDataLoader(BaseDataLoader):
    """A data set that may have no test data of its own: then some samples are held out, the same for every seed.

    test_split: how much of the data to test on where there are no test data, as a fraction or a number of samples.
    """

    test_split: Fraction | PositiveInt = 0.2

    @abstractmethod
    def read_whole(self) -> Dataset:
        """All samples but those of `read_own_test`. Raises DataError for files that are not right."""

    @abstractmethod
    def read_own_test(self) -> Dataset | None:
        """The test data that the data set comes with, if any. Raises DataError for files that are not right."""

    def read_training(self) -> Dataset:
        """All that is not held out; test files are read too, so that what is wrong with them is known at once."""
        data, own = self.read_whole(), self.read_own_test()
        if own is not None:
            check_alike(data, own, "test")
        return data if own is not None or self.test_split == 0 else self._held_out(data)[0]

    def read_test(self) -> Dataset:
        """The test data that come with the data set, or what is held out."""
        own = self.read_own_test()
        if own is not None:
            return own
        if self.test_split == 0:
            raise DataError("there are no test data: data_loader.args.test_split is 0, and no test files are named")
        training, test = self._held_out(self.read_whole())
        self.compare(training)
        return test

    def _held_out(self, data: Dataset) -> tuple[Dataset, Dataset]:
        count = sample_count("test_split", self.test_split, len(data))
        return self.hold_out(data, count, RandomStreams(SEED).generator("test_split"), "test_split")
