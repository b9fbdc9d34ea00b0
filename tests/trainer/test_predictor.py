"""A trained network predicts what is given to it from Python, as its checkpoint says and without training data."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from base.errors import CheckpointError, DataError
from base.types import Array
from tests.running import PROJECT, Config, run
from trainer.predictor import Predictor

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

IRIS = PROJECT / "data" / "iris" / "iris.csv"


@pytest.fixture
def iris(config: Config) -> Predictor:
    """A network for flowers."""
    loader = {"type": "CsvDataLoader", "args": {"path": str(IRIS), "target": "species", "normalize": "standardize"}}
    arch = {"type": "MLP", "args": {"layer_sizes": [4, 8, 3]}}
    made = run({**config, "data_loader": loader, "arch": arch}, "trainer.monitor=null", run_id="iris")
    return Predictor.load(made.models)


@pytest.fixture
def digits(config: Config) -> Predictor:
    """A network for images."""
    return Predictor.load(run(config).best)


def pixels(count: int) -> Array:
    """Images that are noise."""
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28)).astype(np.uint8)


def test_frames_arrays_and_paths_are_predicted_alike(iris: Predictor) -> None:
    frame = pd.read_csv(IRIS)
    expected = iris.predict(IRIS)
    assert set(expected) <= {"setosa", "versicolor", "virginica"}
    for inputs in (frame, frame[frame.columns[::-1]], frame.iloc[:, :4].to_numpy(), [str(IRIS)]):
        assert iris.predict(inputs).tolist() == expected.tolist()
    probabilities = iris.predict_proba(frame)
    assert probabilities.shape == (150, 3)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert iris.classes
    assert np.array(iris.classes)[probabilities.argmax(axis=1)].tolist() == expected.tolist()


def test_outputs_are_those_of_the_network_by_hand(digits: Predictor) -> None:
    images = pixels(130)  # more than a forward pass takes
    x = images.reshape(130, 784).astype(np.float32) / 255
    weights = digits.model.named_views(digits.model.values)
    hidden = np.maximum(x @ weights["linear1.weight"] + weights["linear1.bias"], 0)
    expected = hidden @ weights["linear2.weight"] + weights["linear2.bias"]
    assert np.allclose(digits.outputs(images), expected, rtol=1e-4, atol=1e-4)


def test_a_sample_is_predicted_the_same_alone_and_among_others(digits: Predictor) -> None:
    images = pixels(200)
    assert digits.outputs(images[150:151]).tobytes() == digits.outputs(images)[150].tobytes()


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([5.1, 3.5, 1.4, 0.2], r"shape \(\), which cannot be made \(4,\); a single sample x is .* x\[None\]"),
        ([[1, 2], [3]], "expected samples .N, .... that are all of one shape"),
        ({"a": [1]}, "expected samples .N, ...., got dict"),
        (np.zeros((2, 3, 1)), r"shape \(3, 1\), which cannot be made \(4,\)$"),
    ],
)
def test_what_are_no_samples_is_said(iris: Predictor, inputs: object, words: str) -> None:
    with pytest.raises(DataError, match=words):
        iris.predict(inputs)


@pytest.mark.parametrize("shape", [(3, 28, 28), (3, 28, 28, 1), (3, 784), (3, 1, 28, 28)])
def test_neighbouring_axes_are_split_and_merged(digits: Predictor, shape: tuple[int, ...]) -> None:
    assert np.array_equal(digits.outputs(pixels(3).reshape(shape)), digits.outputs(pixels(3)))


def test_files_in_any_order_and_type_of_numbers(digits: Predictor) -> None:
    expected = digits.outputs(pixels(3))
    for stored in (
        pixels(3).astype(">f4"),
        pixels(3).astype("f2"),
        np.asfortranarray(pixels(3)),
        pixels(3)[::-1][::-1],
    ):
        np.save("x.npy", stored)
        np.savez_compressed("x.npz", x=stored, y=np.zeros(3))
        for inputs in (stored, "x.npy", "x.npz"):
            assert np.array_equal(digits.outputs(inputs), expected)


def test_nothing_gives_nothing(digits: Predictor) -> None:
    assert digits.predict(pixels(0)).shape == (0,)
    assert digits.predict_proba(pixels(0)).shape == (0, 10)


def test_what_cannot_be_read_is_an_error(digits: Predictor, iris: Predictor) -> None:
    for network, inputs, words in (
        (digits, pixels(2) / 255, "has fractions"),
        (digits, np.zeros((2, 30, 28), np.uint8), r"samples have shape \(30, 28\), which cannot be made \(28, 28, 1\)"),
        (digits, np.array(3), "got a single value"),
        (digits, np.array([["a"]]), "expected numbers"),
        (digits, "gone.png", "there is no such file"),
        (iris, np.zeros((2, 3)), "expected 4 columns, sepal_length"),
        (iris, pd.DataFrame({"sepal_length": [1.0]}), "has no column 'sepal_width'"),
        (iris, np.array([[1.0, 2, 3, 4], [1, np.nan, 3, 4]]), "inputs: row 1, column 'sepal_width': the cell is empty"),
    ):
        with pytest.raises(DataError, match=words):
            network.predict(inputs)


def test_a_checkpoint_that_does_not_know_its_data_says_what_is_missing() -> None:
    folder = PROJECT / "tests" / "reference" / "checkpoints"
    for path in sorted(folder.glob("*.npz")):
        assert Predictor.load(path).classes
    network = Predictor.load(PROJECT / "best.npz")
    network.settings.data_loader.normalize = "standardize"
    assert network.settings.data_loader.described() is None


def test_statistics_that_no_checkpoint_has_are_refused(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run(config)
    monkeypatch.setattr("data_loader.loaders.mnist.MnistDataLoader.described", lambda _: None)
    monkeypatch.setattr("trainer.checkpoints.checkpoint.Checkpoint.state", property(lambda self: {"data": None}))
    with pytest.raises(CheckpointError, match=r"written before checkpoints knew their data.*--epochs 3"):
        Predictor.load(made.best)


def test_images_of_several_files_are_read_in_order(digits: Predictor, tmp_path: Path) -> None:
    from PIL import Image

    for number, image in enumerate(pixels(20)):
        Image.fromarray(image).save(tmp_path / f"{number:02}.png")
    assert np.array_equal(digits.outputs(tmp_path), digits.outputs(pixels(20)))
