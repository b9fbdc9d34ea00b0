"""Tables are read by their header, and what is wrong with one is said by line and column."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from base.errors import DataError
from base.random_streams import RandomStreams
from data_loader.loaders.csv_table import CsvDataLoader

TABLE = 'size,weight,kind,price\n1.5,2,"cat, small",10\n3,-4e1,dog,20.5\n\n5,6,dog,30\n'


def write(folder: Path, text: str = TABLE, name: str = "table.csv") -> str:
    (folder / name).write_bytes(text.encode())
    return str(folder / name)


def test_columns_but_the_target_are_inputs_and_texts_are_classes(tmp_path: Path) -> None:
    data = CsvDataLoader(write(tmp_path), "kind", test_split=0).read_training()
    assert data.inputs.tolist() == [[1.5, 2, 10], [3, -40, 20.5], [5, 6, 30]]
    assert data.classes == ("cat, small", "dog")
    assert data.read_targets(slice(None)).tolist() == [0, 1, 1]


def test_features_are_chosen_in_the_order_given(tmp_path: Path) -> None:
    data = CsvDataLoader(write(tmp_path), "kind", features=["weight", "size"], test_split=0).read_training()
    assert data.inputs.tolist() == [[2, 1.5], [-40, 3], [6, 5]]


def test_labels_that_are_numbers_are_ordered_as_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "x,y\n1,10\n2,9\n3,10\n")
    data = CsvDataLoader(path, "y", test_split=0).read_training()
    assert (data.classes, data.read_targets(slice(None)).tolist()) == (("9", "10"), [1, 0, 1])
    named = CsvDataLoader(write(tmp_path, "x,y\n1,1\n2,0\n"), "y", classes=["no", "yes"], test_split=0).read_training()
    assert (named.classes, named.read_targets(slice(None)).tolist()) == (("no", "yes"), [1, 0])


@pytest.mark.parametrize(
    ("labels", "classes", "indices"),
    [
        (["01", "1", "10"], ("01", "1", "10"), [0, 1, 2]),
        (["01", "1", "x"], ("01", "1", "x"), [0, 1, 2]),
        (["2.0", "1.", "2"], ("1", "2"), [1, 0, 1]),
        (["2.0", "x", "2"], ("2", "x"), [0, 1, 0]),
        (["1_0", "10", "9"], ("10", "1_0", "9"), [1, 0, 2]),
        (["-1", "0", "+1"], ("+1", "-1", "0"), [1, 2, 0]),
        (["9223372036854775808", "1", "1"], ("1", "9223372036854775808"), [1, 0, 0]),
        (["18446744073709551616", "1", "1"], ("1", "18446744073709551616"), [1, 0, 0]),
    ],
)
def test_which_labels_are_the_same_does_not_depend_on_others(
    tmp_path: Path, labels: list[str], classes: tuple[str, ...], indices: list[int]
) -> None:
    path = write(tmp_path, "x,y\n" + "".join(f"1,{label}\n" for label in labels))
    data = CsvDataLoader(path, "y", test_split=0).read_training()
    assert (data.classes, data.read_targets(slice(None)).tolist()) == (classes, indices)


@pytest.mark.parametrize(
    ("target", "expected"), [("price", [[10], [20.5]]), (["price", "weight"], [[10, 2], [20.5, -40]])]
)
def test_numbers_to_predict_have_a_column_each(tmp_path: Path, target: Any, expected: list[list[float]]) -> None:
    loader = CsvDataLoader(write(tmp_path), target, task="regression", features=["size"], test_split=0)
    data = loader.read_training()
    assert data.classes is None
    assert data.read_targets(slice(0, 2)).tolist() == expected


def test_the_delimiter_the_line_ends_and_a_mark_at_the_beginning_may_be_a_spreadsheets(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffa; b\r\n1; 2\r\n3; 4\r\n")
    data = CsvDataLoader(path, "b", delimiter=";", test_split=0).read_training()
    assert (data.inputs.tolist(), data.classes) == ([[1], [3]], ("2", "4"))


def test_a_test_file_has_the_classes_of_the_training_file(tmp_path: Path) -> None:
    test = write(tmp_path, "kind,size,weight,price\ndog,1,2,3\n", "test.csv")
    loader = CsvDataLoader(write(tmp_path), "kind", test_path=test, features=["size"])
    data = loader.load_test(RandomStreams(1))
    assert (data.inputs.tolist(), data.read_targets(slice(None)).tolist()) == ([[1]], [1])


BAD: dict[str, tuple[str, dict[str, Any], str]] = {
    "empty": ("", {}, "the file is empty"),
    "header alone": ("size,kind\n", {}, "has a header but no rows"),
    "a name twice": ("a,kind,a\n1,2,3\n", {}, "'a' is there twice"),
    "ragged": ("a,kind\n1,2\n\n1,2,3\n", {}, "line 4 has 3 columns, the header 2"),
    "no such target": (TABLE, {"target": "sort"}, "has no column 'sort'; it has size, weight, kind, price"),
    "no such feature": (TABLE, {"features": ["mass"]}, "has no column 'mass'"),
    "a text as input": (
        TABLE,
        {"target": "price", "task": "regression"},
        "line 2, column 'kind': expected a number, got 'cat, small'",
    ),
    "a cell left empty": ("a,kind\n1,x\n,y\n", {}, "line 3, column 'a': the cell is empty"),
    "an underscore": ("a,kind\n1_0,x\n", {}, "line 2, column 'a': expected a number, got '1_0'"),
    "nan": ("a,kind\n1,x\nnan,y\n", {}, "line 3, column 'a': expected a number, got 'nan'"),
    "an empty label": ("a,kind\n1,x\n2,\n", {}, "column kind: a label is empty"),
    "a text to predict": ("a,kind\n1,0.5\n2,x\n", {"task": "regression"}, "column 'kind': expected a number, got 'x'"),
    "quotes that do not end": ('a,kind\n1,"x\n', {}, "cannot be read as CSV"),
    "no text": ("a,kind\n1,\udcff\n", {}, "line 2 is not text in the encoding utf-8"),
    "only the target": ("kind\n1\n", {}, "has no columns but kind; expected some"),
    "a fraction as label": (
        "a,kind\n1,2\n2,2.5\n",
        {},
        "numbers with a fraction, such as 2.5, for class labels; .*task",
    ),
    "beyond float32": ("a,kind\n1,x\n-1e39,y\n", {}, "line 3, column 'a': .* got -1e\\+39, more than float32 holds"),
    "beyond float32 to predict": ("a,kind\n1,0.5\n2,1e39\n", {"task": "regression"}, "more than float32 holds"),
}


@pytest.mark.parametrize(("text", "args", "words"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, args: dict[str, Any], words: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=words) as caught:
        CsvDataLoader(str(path), **({"target": "kind", "test_split": 0} | args)).load(RandomStreams(1))
    assert str(path) in str(caught.value)


def test_a_missing_file_and_another_checksum_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        CsvDataLoader(str(tmp_path / "table.csv"), "kind").read_training()
    path = write(tmp_path)
    (tmp_path / "SHA256SUMS").write_text(f"{hashlib.sha256(TABLE.encode()).hexdigest()}  table.csv\n")
    assert len(CsvDataLoader(path, "kind", test_split=0).read_training()) == 3
    write(tmp_path, TABLE + "1,2,dog,3\n")
    with pytest.raises(DataError, match="its SHA-256 is"):
        CsvDataLoader(path, "kind").read_training()
