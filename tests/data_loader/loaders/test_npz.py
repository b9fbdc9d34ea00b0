"""Arrays in one file, whatever they are called, and files that hold none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import DataError
from data_loader.loaders.npz import NpzDataLoader

X, Y = np.arange(24.0).reshape(6, 2, 2), np.array([0, 1, 2, 0, 1, 2])


def save(path: Path, **arrays: Any) -> str:
    np.savez(path, **arrays)
    return str(path)


def test_inputs_and_targets_are_read_as_they_are(tmp_path: Path) -> None:
    data = NpzDataLoader(save(tmp_path / "a.npz", x=X, y=Y), test_split=0).read_training()
    assert np.array_equal(data.inputs, X)
    assert data.read_targets(slice(None)).tolist() == Y.tolist()
    assert data.classes == ("0", "1", "2")


def test_test_arrays_may_be_in_the_same_file_or_another(tmp_path: Path) -> None:
    both = save(tmp_path / "a.npz", x=X, y=Y, xt=X[:2], yt=Y[:2])
    other = save(tmp_path / "b.npz", x=X[:3], y=Y[:3])
    assert len(NpzDataLoader(both, test_inputs="xt", test_targets="yt").read_test()) == 2
    loader = NpzDataLoader(both, test_path=other)
    assert (len(loader.read_test()), len(loader.read_training())) == (3, 6)


def test_test_data_have_the_classes_of_the_training_data(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=X, y=["b", "a", "c"] * 2, xt=X[:1], yt=["c"], odd=["d"])
    loader = NpzDataLoader(path, test_inputs="xt", test_targets="yt")
    assert loader.read_test().classes == ("a", "b", "c")
    assert loader.read_test().targets.tolist() == [2]
    with pytest.raises(DataError, match=r"array 'odd': label 'd' is none of the 3 classes a, b, c"):
        NpzDataLoader(path, test_inputs="xt", test_targets="odd").read_training()


def test_numbers_may_be_predicted_and_samples_reshaped(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=np.zeros((3, 4)), y=np.zeros((3, 2)))
    data = NpzDataLoader(path, task="regression", shape=[2, 2, 1], test_split=0).read_training()
    assert (data.input_shape, data.target_shape, data.classes) == ((2, 2, 1), (2,), None)


def test_a_single_number_a_sample_is_a_feature(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=np.arange(3), y=np.arange(3))
    assert NpzDataLoader(path, test_split=0).read_training().input_shape == (1,)


def test_classes_can_be_named(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=X, y=Y)
    assert NpzDataLoader(path, classes=["p", "q", "r"]).read_training().classes == ("p", "q", "r")
    with pytest.raises(DataError, match="label '2' is none of the 2 classes"):
        NpzDataLoader(path, classes=["p", "q"]).read_training()


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "other names": ({"a": X, "b": Y}, {}, "has no array 'x'; it has a, b"),
    "other lengths": ({"x": X, "y": Y[:5]}, {}, r"has shape \(6, 2, 2\) and .* \(5,\)"),
    "no samples": ({"x": X[:0], "y": Y[:0]}, {}, "at least one"),
    "single numbers": ({"x": 1.0, "y": 2}, {}, "expected arrays, got single numbers"),
    "no features": ({"x": X[:, :0], "y": Y}, {}, "at least one"),
    "texts as inputs": ({"x": np.array(["a"] * 6), "y": Y}, {}, "expected numbers, found <U1"),
    "objects": ({"x": np.array([None] * 6), "y": Y}, {}, "holds Python objects"),
    "nan": ({"x": np.where(X == 13, np.nan, X), "y": Y}, {}, "array 'x': sample 3, counted from 0, holds nan"),
    "infinity": ({"x": np.where(X == 0, np.inf, X), "y": Y}, {}, "sample 0, counted from 0, holds nan or an infinity"),
    "rows of labels": ({"x": X, "y": np.eye(6)}, {}, r"one class label a sample, got shape \(6, 6\)"),
    "other shape": ({"x": X, "y": Y}, {"shape": [5]}, r"have shape \(2, 2\), which cannot be made \(5,\)"),
    "nan as target": ({"x": X, "y": Y * np.nan}, {"task": "regression"}, "array 'y': sample 0"),
}


@pytest.mark.parametrize(("held", "args", "words"), BAD.values(), ids=BAD.keys())
def test_bad_arrays_are_refused_by_name(tmp_path: Path, held: dict[str, Any], args: dict[str, Any], words: str) -> None:
    path = save(tmp_path / "a.npz", **held)
    with pytest.raises(DataError, match=words) as caught:
        NpzDataLoader(path, **args).read_training()
    assert path in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"text"], ids=["empty", "cut short", "another format"])
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.npz: cannot be read|holds Python objects"):
        NpzDataLoader(str(tmp_path / "a.npz")).read_training()


def test_a_missing_file_an_npy_file_and_another_checksum_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.npz: there is no such file"):
        NpzDataLoader(str(tmp_path / "a.npz")).read_training()
    np.save(tmp_path / "a.npy", X)
    with pytest.raises(DataError, match="use NpyDataLoader"):
        NpzDataLoader(str(tmp_path / "a.npy")).read_training()
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  a.npz\n")
    with pytest.raises(DataError, match="SHA-256"):
        NpzDataLoader(save(tmp_path / "a.npz", x=X, y=Y)).read_training()


def test_test_data_of_another_shape_are_refused_before_training(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=X, y=Y, xt=np.zeros((2, 5)), yt=Y[:2])
    with pytest.raises(DataError, match=r"of a training sample have shape \(2, 2\), those of a test sample \(5,\)"):
        NpzDataLoader(path, test_inputs="xt", test_targets="yt").read_training()
