"""The config of a network whose data are in memory."""

from dataclasses import dataclass, field

from base.base_data_loader import BaseDataLoader
from base.dataset import Dataset
from base.errors import DataError
from utils.config.settings import Settings


@dataclass(eq=False)
class EstimatorDataLoader(BaseDataLoader):
    """Samples that a program has already; it gives them as `data` before they are loaded."""

    data: Dataset = field(init=False, repr=False)

    def read_training(self) -> Dataset:
        return self.data

    def read_test(self) -> Dataset:
        raise DataError("samples in memory have no test data among them")


@dataclass(frozen=True, kw_only=True)
class EstimatorSettings(Settings):
    """Everything that a network is made and trained of, but its samples."""

    data_loader: EstimatorDataLoader
