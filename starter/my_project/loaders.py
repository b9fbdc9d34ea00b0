"""Data loaders of this project."""

from dataclasses import dataclass

from base.dataset import Dataset, all_rows
from data_loader.held_out import HeldOutDataLoader


@dataclass(eq=False)
class WineDataLoader(HeldOutDataLoader):
    """178 wines of three cultivars with 13 measurements each, which come with scikit-learn.

    Batches, splits, shuffling and scaling are those of the base class, and so are the arguments for them.
    """

    def read_whole(self) -> Dataset:
        from sklearn.datasets import load_wine  # only now: a config is checked without it

        wine = load_wine()
        return Dataset(wine.data, wine.target, all_rows(wine.data), classes=tuple(map(str, wine.target_names)))

    def read_own_test(self) -> None:
        """There are no test data: a part of the whole, `test_split`, is held out."""
