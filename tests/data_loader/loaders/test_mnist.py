"""The MNIST that comes with the project, and folders that only look like it."""

from pathlib import Path

import numpy as np
import pytest

from base.errors import DataError
from base.random_streams import RandomStreams
from data_loader.loaders.mnist import MnistDataLoader
from tests.fake_mnist import TEST, TRAINING, idx
from tests.running import PROJECT


def test_the_real_data_have_the_published_shapes_and_class_counts() -> None:
    loader = MnistDataLoader(str(PROJECT / "data" / "mnist"))
    training, test = loader.read_training(), loader.read_test()
    assert (len(training), len(test)) == (60000, 10000)
    assert training.input_shape == test.input_shape == (28, 28, 1)
    assert training.target_shape == ()
    assert training.classes == tuple("0123456789")
    assert np.bincount(training.targets).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(test.targets).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_constructor_opens_no_file() -> None:
    assert MnistDataLoader("nowhere").batch_size == 128


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (np.zeros(3), "train has 2 images but 3 labels"),
        (np.array([0, 10]), "train has labels from 0 to 10; .*must be from 0 to 9"),
        (np.zeros(0), "train has 2 images but 0 labels"),
    ],
    ids=["one more label", "label 10", "no labels"],
)
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, labels: np.ndarray, words: str) -> None:
    _write(tmp_path, np.zeros((2, 28, 28)), labels)
    with pytest.raises(DataError, match=words) as caught:
        MnistDataLoader(str(tmp_path)).read_training()
    assert str(tmp_path) in str(caught.value)


def test_data_without_samples_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, np.zeros((0, 28, 28)), np.zeros(0))
    with pytest.raises(DataError, match="train has no images"):
        MnistDataLoader(str(tmp_path)).read_training()


def test_a_changed_file_of_the_real_data_is_refused(tmp_path: Path) -> None:
    real = PROJECT / "data" / "mnist"
    (tmp_path / "SHA256SUMS").write_text((real / "SHA256SUMS").read_text())
    _write(tmp_path, np.zeros((2, 28, 28)), np.zeros(2))
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte: its SHA-256 is"):
        MnistDataLoader(str(tmp_path)).read_training()


def _write(folder: Path, images: np.ndarray, labels: np.ndarray) -> None:
    (folder / "train-images-idx3-ubyte").write_bytes(idx(images))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(labels))


def test_emnists_letters_are_turned_upright_and_counted_from_1(tmp_path: Path) -> None:
    images = np.arange(2 * 28 * 28).reshape(2, 28, 28) % 251
    for part in ("train", "test"):
        (tmp_path / f"emnist-letters-{part}-images-idx3-ubyte").write_bytes(idx(images))
        (tmp_path / f"emnist-letters-{part}-labels-idx1-ubyte").write_bytes(idx(np.array([1, 26])))
    loader = MnistDataLoader(
        str(tmp_path), "emnist-letters-train", "emnist-letters-test", classes=26, first_label=1, transpose=True
    )
    for data in (loader.read_training(), loader.read_test()):
        assert np.array_equal(data.inputs[..., 0], images.swapaxes(1, 2))
        assert data.targets.tolist() == [0, 25]
        assert data.classes == tuple(str(number) for number in range(1, 27))


def test_classes_can_be_named_and_bound_the_labels(tmp_path: Path) -> None:
    _write(tmp_path, np.zeros((2, 28, 28)), np.array([0, 2]))
    assert MnistDataLoader(str(tmp_path), classes=["a", "b", "c"]).read_training().classes == ("a", "b", "c")
    with pytest.raises(DataError, match=r"train has labels from 0 to 2; .*must be from 0 to 1"):
        MnistDataLoader(str(tmp_path), classes=["a", "b"]).read_training()
    with pytest.raises(DataError, match=r"train has labels from .*must be from 1 to 10"):
        MnistDataLoader(str(tmp_path), first_label=1).read_training()


def test_validation_files_are_read_by_their_prefix(fake_mnist: Path) -> None:
    loader = MnistDataLoader(str(fake_mnist), validation_prefix="t10k")
    training, validation = loader.load(RandomStreams(1))
    assert validation is not None
    assert (len(training), len(validation)) == (TRAINING, TEST)
    assert MnistDataLoader(str(fake_mnist)).load(RandomStreams(1))[1] is None
    with pytest.raises(DataError, match=r"has neither dev-images-idx3-ubyte.gz nor"):
        MnistDataLoader(str(fake_mnist), validation_prefix="dev").load(RandomStreams(1))


def test_files_of_kaggles_archive_are_read(tmp_path: Path) -> None:
    images, labels = np.arange(2 * 28 * 28).reshape(2, 28, 28) % 251, np.array([1, 2])
    (tmp_path / "train-labels-idx1-ubyte").mkdir()
    (tmp_path / "train-images.idx3-ubyte").write_bytes(idx(images))
    (tmp_path / "train-labels-idx1-ubyte" / "train-labels-idx1-ubyte").write_bytes(idx(labels))
    data = MnistDataLoader(str(tmp_path)).read_training()
    assert np.array_equal(data.inputs[..., 0], images)
    assert data.targets.tolist() == [1, 2]
