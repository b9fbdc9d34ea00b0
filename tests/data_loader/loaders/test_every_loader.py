"""What every data loader promises, for each row of the table."""

from pathlib import Path

import numpy as np
import pytest

from base.base_data_loader import BaseDataLoader
from base.dataset import Dataset
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.loaders import memory
from tests.cases.case import Case
from tests.cases.data_loaders import CASES, HELD
from tests.every_data import write_every_data

pytestmark = pytest.mark.usefixtures("among_the_data")


@pytest.fixture(scope="module")
def every_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data in every form."""
    return write_every_data(tmp_path_factory.mktemp("every"))


@pytest.fixture
def among_the_data(every_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is the one with the data, some of which are in memory, too."""
    monkeypatch.chdir(every_data)
    images, labels = np.load("data/own/inputs.npy"), np.load("data/own/targets.npy")
    held = {"training": (images, labels), "test": (images[:10], labels[:10])}
    monkeypatch.setitem(memory._HELD, HELD, held)


def parts(case: Case, seed: int = 1) -> tuple[BaseDataLoader, list[Dataset]]:
    """The loader, and its training, validation and test data."""
    loader: BaseDataLoader = case.built(BaseDataLoader)
    training, validation = loader.load(RandomStreams(seed))
    assert validation is not None
    return loader, [training, validation, loader.load_test(RandomStreams(seed))]


def read(data: Dataset) -> Array:
    """All inputs as a network is given them."""
    out = np.empty((len(data), *data.input_shape))
    data.read_inputs(slice(None), out)
    return out


@pytest.mark.parametrize("case", CASES, ids=str)
def test_parts_agree_in_shape_and_classes_and_every_target_is_one_of_them(case: Case) -> None:
    _, found = parts(case)
    for data in found:
        targets = data.read_targets(slice(None))
        assert (data.input_shape, data.target_shape, data.classes) == (
            found[0].input_shape,
            found[0].target_shape,
            found[0].classes,
        )
        assert np.isfinite(read(data)).all()
        if data.classes is not None:
            assert set(targets) <= set(range(len(data.classes)))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_sample_is_both_trained_and_tested_on(case: Case) -> None:
    _, (training, validation, test) = parts(case)
    for other in (validation, test):
        if np.array_equal(training.inputs, other.inputs):  # a part of the same files
            assert set(training.rows).isdisjoint(other.rows)
    if np.array_equal(training.inputs, test.inputs) and np.array_equal(training.inputs, validation.inputs):
        assert set(validation.rows).isdisjoint(test.rows)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_data_are_a_function_of_config_and_seed_and_the_test_data_of_no_seed(case: Case) -> None:
    _, one = parts(case)
    _, same = parts(case)
    _, other = parts(case, seed=2)
    for a, b in zip(one, same, strict=True):
        assert np.array_equal(a.rows, b.rows)
        assert np.array_equal(a.inputs, b.inputs)
    assert not np.array_equal(one[0].rows, other[0].rows)
    assert np.array_equal(one[2].rows, other[2].rows)
    if "missing" not in case.args:  # what fills gaps is of the training samples, and these are drawn by the seed
        assert np.array_equal(one[2].inputs, other[2].inputs)


@pytest.mark.parametrize("case", [case for case in CASES if "normalize" in case.args], ids=str)
def test_normalized_training_data_have_the_promised_statistics(case: Case) -> None:
    _, (training, _, _) = parts(case)
    x = read(training).reshape(-1, training.input_shape[-1])
    varying = x.std(axis=0) > 0
    if case.args["normalize"] == "min_max":
        assert np.allclose(x.min(axis=0), 0)
        assert np.allclose(x.max(axis=0)[varying], 1)
    else:
        assert np.allclose(x.mean(axis=0), 0)
        assert np.allclose(x.std(axis=0)[varying], 1)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_loader_is_made_without_looking_at_files(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert case.built(BaseDataLoader).batch_size == 8
