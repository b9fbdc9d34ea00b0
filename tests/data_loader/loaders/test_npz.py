"""Arrays in one file, whatever they are called, and files that hold none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.dataset import Normalize
from base.errors import DataError
from base.random_streams import RandomStreams
from base.splits import Split
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


def test_test_data_are_read_alone_with_classes_of_their_own_and_numbered_as_the_training_data(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=X, y=["b", "a", "c"] * 2, xt=X[:1], yt=["c"], odd=["d"])
    loader = NpzDataLoader(path, test_inputs="xt", test_targets="yt")
    assert loader.load_test(RandomStreams(1)).targets.tolist() == [2]
    alone = NpzDataLoader("nowhere.npz", test_path=save(tmp_path / "b.npz", x=X, y=Y + 1)).read_test()
    assert (alone.classes, alone.targets.tolist()) == (("1", "2", "3"), Y.tolist())
    named = NpzDataLoader("nowhere.npz", test_path=save(tmp_path / "b.npz", x=X, y=Y), classes=["p", "q", "r", "s"])
    assert (named.read_test().classes, named.read_test().targets.tolist()) == (("p", "q", "r", "s"), Y.tolist())
    with pytest.raises(DataError, match=r"the test data have 'd', which is none of the 3 classes .*: a, b, c"):
        NpzDataLoader(path, test_inputs="xt", test_targets="odd").read_training()


def test_validation_arrays_may_be_in_the_same_file_or_another(tmp_path: Path) -> None:
    both = save(tmp_path / "a.npz", x=X, y=["b", "a", "c"] * 2, xv=X[:2], yv=["c", "b"])
    other = save(tmp_path / "b.npz", x=X[:3], y=["a", "c", "c"])
    for args, expected in (
        ({"validation_inputs": "xv", "validation_targets": "yv"}, [2, 1]),
        ({"validation_path": other}, [0, 2, 2]),
    ):
        loader = NpzDataLoader(both, test_split=0, **args)
        training, validation = loader.load(RandomStreams(1))
        assert validation is not None
        assert (len(training), validation.read_targets(slice(None)).tolist()) == (6, expected)
    with pytest.raises(ValueError, match="there are validation data of their own; leave validation_split"):
        NpzDataLoader(both, validation_path=other, validation_split=0.5).load(RandomStreams(1))


def test_split_by_group_keeps_samples_of_one_group_together(tmp_path: Path) -> None:
    groups = np.arange(20) % 5
    path = save(tmp_path / "a.npz", x=np.arange(20), y=groups, patient=groups, cell=groups[:, None], short=groups[1:])
    for name in ("patient", "cell"):
        loader = NpzDataLoader(path, split=Split(by="group", column=name), validation_split=0.3)
        parts = [*loader.load(RandomStreams(1)), loader.load_test(RandomStreams(1))]
        held = [set(part.inputs[part.rows, 0] % 5) for part in parts if part is not None]
        assert sum(map(len, held)) == 5
        assert all(held)
    with pytest.raises(DataError, match=r"has 20 samples, but the groups of split have shape \(19,\)"):
        NpzDataLoader(path, split=Split(by="group", column="short")).read_training()
    with pytest.raises(DataError, match="has no array 'nurse'; it has x, y, patient"):
        NpzDataLoader(path, split=Split(by="group", column="nurse")).read_training()


def test_what_is_read_in_another_way_than_stored_is_noted_once(tmp_path: Path) -> None:
    images = np.arange(6 * 3 * 8 * 8).reshape(6, 3, 8, 8)
    path = save(tmp_path / "a.npz", x=images, y=np.eye(3)[Y], xt=images[:2], yt=Y[:2])
    loader = NpzDataLoader(path, test_inputs="xt", test_targets="yt", shape=[8, 8, 3])
    training, _ = loader.load(RandomStreams(1))
    loader.load_test(RandomStreams(1))
    assert np.array_equal(training.inputs, images.transpose(0, 2, 3, 1))
    assert training.targets.tolist() == Y.tolist()
    assert loader.notes == [
        f"{path}: array 'x': samples of shape (3, 8, 8) are read as (8, 8, 3): channels first, as shape has them last",
        f"{path}: array 'y': one-hot rows of shape (6, 3) are read as 3 classes",
        f"{path}: array 'xt': samples of shape (3, 8, 8) are read as (8, 8, 3): channels first, as shape has them last",
    ]
    assert NpzDataLoader(path, shape=[3, 8, 8]).read_whole().input_shape == (3, 8, 8)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", ">i4", "uint64", "float16", ">f4", ">f8"])
@pytest.mark.parametrize("normalize", [None, "min_max", "standardize"])
def test_numbers_of_any_type_and_order_read_the_same(tmp_path: Path, dtype: str, normalize: Normalize) -> None:
    stored = (X % 2).astype(dtype)
    read = []
    for number, x in enumerate((stored, np.asfortranarray(stored), stored.astype("float64"))):
        np.savez_compressed(tmp_path / f"{number}.npz", x=x, y=Y)
        data, _ = NpzDataLoader(str(tmp_path / f"{number}.npz"), test_split=0, normalize=normalize).load(
            RandomStreams(1)
        )
        read.append(data.inputs_of(slice(None)))
    assert np.array_equal(read[0], read[1])
    assert np.array_equal(read[0], read[2])


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
    "single numbers": ({"x": 1.0, "y": 2}, {}, "array 'x': expected an array of samples, got a single value"),
    "no features": ({"x": X[:, :0], "y": Y}, {}, "at least one"),
    "texts as inputs": ({"x": np.array(["a"] * 6), "y": Y}, {}, "expected numbers, found <U1"),
    "objects": ({"x": np.array([None] * 6), "y": Y}, {}, "holds Python objects"),
    "nan": ({"x": np.where(X == 13, np.nan, X), "y": Y}, {}, "array 'x': sample 3, counted from 0, holds nan"),
    "signalling nan": (
        {"x": np.full(X.shape, 0x7FF0000000000001, np.uint64).view(np.float64), "y": Y},
        {},
        "sample 0, counted from 0, holds nan",
    ),
    "infinity": ({"x": np.where(X == 0, np.inf, X), "y": Y}, {}, "sample 0, counted from 0, holds nan or an infinity"),
    "rows of labels": ({"x": X, "y": np.ones((6, 6))}, {}, r"one class label a sample, got shape \(6, 6\), and row 0"),
    "complex": ({"x": X * 1j, "y": Y}, {}, "array 'x': it holds complex numbers"),
    "records": ({"x": np.zeros(6, [("a", "f4")]), "y": Y}, {}, "array 'x': it holds records"),
    "mixed": (
        {"x": np.ones((6, 8, 8, 3)), "y": Y},
        {"shape": [3, 8, 8]},
        r"\(8, 8, 3\); to make them \(3, 8, 8\) would",
    ),
    "other shape": ({"x": X, "y": Y}, {"shape": [5]}, r"have shape \(2, 2\), which cannot be made \(5,\)"),
    "no targets": (
        {"x": X, "y": np.zeros((6, 0))},
        {"task": "regression"},
        r"\(6, 0\); .* at least one number for each",
    ),
    "a name that turns the line": ({"x\u202e": X, "y": Y}, {}, r"it has 'x\\u202e', y"),
    "beyond float32": (
        {"x": np.where(X == 13, -1e39, X), "y": Y},
        {},
        "sample 3, .* a number larger than float32 holds",
    ),
    "beyond float32 to predict": ({"x": X, "y": Y + 1e39}, {"task": "regression"}, "array 'y': sample 0, .* float32"),
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
    with pytest.raises(DataError, match=r"a\.npz: cannot be read: it is (not an \.npz file|damaged)"):
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


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ({"xv": np.zeros((2, 5)), "yv": Y[:2]}, r"sample have shape \(2, 2\), those of a validation sample \(5,\)"),
        ({"xv": X[:2], "yv": [0, 7]}, "the validation data have '7', which is none of the 3 classes"),
    ],
    ids=["shape", "classes"],
)
def test_validation_data_that_do_not_fit_the_training_data_are_refused(
    tmp_path: Path, held: dict[str, Any], words: str
) -> None:
    path = save(tmp_path / "a.npz", x=X, y=Y, **held)
    with pytest.raises(DataError, match=words):
        NpzDataLoader(path, validation_inputs="xv", validation_targets="yv").load(RandomStreams(1))
