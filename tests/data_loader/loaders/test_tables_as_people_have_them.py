"""Tables with other delimiters, encodings and decimals, without header, with texts and gaps."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.base_data_loader import BaseDataLoader
from base.dataset import Dataset
from base.errors import DataError
from base.preprocessing import Preprocessing
from base.random_streams import RandomStreams
from base.splits import Split
from base.types import Array
from data_loader.loaders.csv_table import CsvDataLoader

PLAIN = "a,b,kind\n1,2.5,x\n3,4,y\n5,6,x\n"
NUMBERS = [[1, 2.5], [3, 4], [5, 6]]
GONE = "survived"
SHIP = "sex,age,deck,survived\nmale,20,A,no\nfemale,,B,yes\nmale,40,,no\nfemale,30,A,yes\n"


def table(folder: Path, content: str | bytes, name: str = "table.csv") -> str:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder / name)


def loaded(loader: BaseDataLoader) -> Dataset:
    return loader.load(RandomStreams(1))[0]


def read(path: str, target: str = "kind", **settings: Any) -> Dataset:
    return loaded(CsvDataLoader(path, target, test_split=0, **settings))


FORMS: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "comma": (PLAIN, {}),
    "semicolon": (PLAIN.replace(",", ";"), {}),
    "tab": (PLAIN.replace(",", "\t"), {}),
    "bar": (PLAIN.replace(",", "|"), {}),
    "space": (PLAIN.replace(",", " "), {}),
    "decimal comma": (PLAIN.replace(",", ";").replace(".", ","), {"decimal": ","}),
    "quoted decimal comma": (PLAIN.replace("2.5", '"2,5"'), {"decimal": ","}),
    "mark of UTF-8": (PLAIN.encode("utf-8-sig"), {}),
    "UTF-16": (PLAIN.encode("utf-16"), {}),
    "UTF-16, big first": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), {}),
    "UTF-32": (PLAIN.encode("utf-32"), {}),
    "UTF-16 without a mark": (PLAIN.encode("utf-16-le"), {"encoding": "utf-16-le"}),
    "Windows": (PLAIN.replace("\n", "\r\n").encode("cp1252"), {"encoding": "cp1252"}),
    "old Mac": (PLAIN.replace("\n", "\r"), {}),
    "spaces": (PLAIN.replace(",", " , "), {"delimiter": ","}),
    "quotes": (PLAIN.replace("x", '"x"').replace("1,", '"1",'), {}),
    "an empty line": (PLAIN.replace("3,4", "\n3,4"), {}),
    "no end of line": (PLAIN.removesuffix("\n"), {}),
    "a delimiter in a text": ('a,b,"kind"\n1,2.5,"x"\n3,4,"y"\n5,6,"x"\n', {}),
}


@pytest.mark.parametrize(("content", "settings"), FORMS.values(), ids=FORMS)
def test_a_table_is_read_in_the_form_that_it_has(
    tmp_path: Path, content: str | bytes, settings: dict[str, Any]
) -> None:
    data = read(table(tmp_path, content), **settings)
    assert data.inputs.tolist() == NUMBERS
    assert (data.classes, data.read_targets(slice(None)).tolist()) == (("x", "y"), [0, 1, 0])


def test_spaces_in_texts_separate_no_columns(tmp_path: Path) -> None:
    data = read(table(tmp_path, "a of them all,kind\n1,one two three four\n2,two three four five\n"))
    assert (data.inputs.tolist(), data.classes) == ([[1], [2]], ("one two three four", "two three four five"))


def test_letters_of_windows_are_read_and_their_line_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, PLAIN.replace("y", "köln").encode("cp1252"))
    assert read(path, encoding="cp1252").classes == ("köln", "x")
    with pytest.raises(DataError, match=r'line 3 is not text in the encoding utf-8; .* such as "cp1252"'):
        read(path)


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    path = table(tmp_path, PLAIN.split("\n", 1)[1])
    assert read(path, "2", header=False).inputs.tolist() == NUMBERS
    with pytest.raises(DataError, match=r"has no column 'kind'; it has 1, 2.5, x; .* set data_loader.args.header"):
        read(path)


CAUSES: dict[str, tuple[str | bytes, dict[str, Any], str]] = {
    "another delimiter": (PLAIN.replace(",", ";"), {"delimiter": ","}, "columns seem to be separated by ';'"),
    "a comma in each text": ("a, b;kind\n1, 2;x\n", {}, "to be separated by ','; if it is ';', set .*delimiter"),
    "a decimal comma": (PLAIN.replace(",", ";").replace(".", ","), {}, "'2,5'; for decimal commas set .*decimal"),
    "no header, a number twice": ("1,1,x\n2,3,y\n", {}, "'1' is there twice; .* data_loader.args.header to false"),
    "UTF-16 without a mark": (PLAIN.encode("utf-16-le"), {}, 'line 1 is not text .* such as "utf-16-le"'),
    "UTF-16, big first": (PLAIN.encode("utf-16-be"), {}, 'line 1 is not text .* such as "utf-16-be"'),
    "a spreadsheet": (b"PK\3\4" + bytes(99), {}, "is no text, but a ZIP archive, as spreadsheets"),
    "a compressed table": (gzip.compress(PLAIN.encode()), {}, "is no text, but compressed by gzip"),
    "a line for Excel": ("sep=;\n" + PLAIN.replace(",", ";"), {}, "first line is 'sep=;', which only Excel reads"),
    "several spaces": ("a  b  kind\n1  2  x\n3  4  y\n", {}, "names of its columns are several spaces apart"),
    "names of rows": (
        "a,b,kind\n1,1,2,x\n2,3,4,y\n",
        {},
        "line 2 has 4 columns, the header 3; rows that begin with a name",
    ),
    "a text": (PLAIN.replace("4", "four"), {}, "line 3, column 'b': expected a number, got 'four'; .* categories"),
    "a gap": (PLAIN.replace("4", ""), {}, "line 3, column 'b': the cell is empty; .* data_loader.args.missing"),
    "NA": (PLAIN.replace("4", "NA"), {}, "line 3, column 'b': expected a number, got 'NA'; .*args.missing"),
    "a gap among texts": (
        SHIP,
        {"target": GONE, "categories": "one_hot", "features": ["deck"]},
        "'deck': the cell",
    ),
    "an infinity": (PLAIN.replace("4", "-inf"), {}, "line 3, column 'b': expected a finite number"),
    "a row too long": (PLAIN + "1,2,x,4\n", {}, "line 5 has 4 columns, the header 3"),
    "the first row too long": (PLAIN.replace("2.5,x", "2.5,x,7"), {}, "line 2 has 4 columns, the header 3"),
    "a row too short": (PLAIN + "1,2\n", {}, "line 5 has 2 columns, the header 3"),
    "a short row and filled gaps": (PLAIN + "1\n", {"missing": "mean", "target": "a"}, "line 5 has 1 columns"),
    "a line within quotes before": ('a,b,kind\n1,2,"x\nz"\n3,?,y\n', {}, "line 4, column 'b': expected a number"),
    "a category of no column": (
        SHIP,
        {"target": GONE, "categories": {"sx": "one_hot"}},
        "name 'sx', which is no",
    ),
    "a text for numbers": (
        SHIP,
        {"target": GONE, "categories": "ordinal", "missing": "x"},
        "column 'age', .*'x'",
    ),
    "only gaps": ("a,b,kind\n1,,x\n2,,y\n", {"missing": "mean"}, "'b' is empty in all training samples"),
}


@pytest.mark.parametrize(("content", "settings", "words"), CAUSES.values(), ids=CAUSES)
def test_the_cause_is_named(tmp_path: Path, content: str | bytes, settings: dict[str, Any], words: str) -> None:
    with pytest.raises((DataError, ValueError), match=words):
        read(table(tmp_path, content), **settings)


def test_a_column_without_a_name_is_left_out_with_a_note(tmp_path: Path) -> None:
    rows = [f"{number},{row}" for number, row in enumerate(PLAIN.splitlines()[1:])]
    loader = CsvDataLoader(table(tmp_path, "\n".join([",a,b,kind", *rows])), "kind", test_split=0)
    assert loaded(loader).inputs.tolist() == NUMBERS
    assert "column 1 of 4 has no name" in loader.notes[0]


def test_a_column_that_pandas_had_to_name_is_left_out_too(tmp_path: Path) -> None:
    rows = [f"{number},{row}" for number, row in enumerate(PLAIN.splitlines()[1:])]
    loader = CsvDataLoader(table(tmp_path, "\n".join(["Unnamed: 0,a,b,kind", *rows])), "kind", test_split=0)
    assert loaded(loader).inputs.tolist() == NUMBERS
    assert "column 1 of 4 has no name" in loader.notes[0]


@pytest.mark.parametrize("start", [0, 1])
def test_a_column_that_counts_the_rows_is_told_unless_it_was_chosen(tmp_path: Path, start: int) -> None:
    text = "\n".join(["id,a,kind", *(f"{number + start},{number // 2},{number % 2}" for number in range(300))])
    loader = CsvDataLoader(table(tmp_path, text), "kind", test_split=0)
    assert loaded(loader).input_shape == (2,)
    assert "column 'id' is the number of the row" in loader.notes[0]
    assert len(loader.notes) == 1
    chosen = CsvDataLoader(table(tmp_path, text), "kind", features=["id", "a"], test_split=0)
    loaded(chosen)
    assert chosen.notes == []


def test_a_label_that_looks_like_a_gap_is_told(tmp_path: Path) -> None:
    loader = CsvDataLoader(table(tmp_path, PLAIN.replace("y", "NA")), "kind", test_split=0)
    assert loaded(loader).classes == ("NA", "x")
    assert "column 'kind' has the label NA, which is a class like others" in loader.notes[0]


@pytest.mark.parametrize("text", ["n/a", "#N/A", "<NA>", "?", "-nan", " "])
def test_what_programs_write_for_gaps_among_numbers_is_filled(tmp_path: Path, text: str) -> None:
    assert read(table(tmp_path, PLAIN.replace("4", text)), missing=7).inputs.tolist() == [[1, 2.5], [3, 7], [5, 6]]


def test_thousands_of_columns_are_read_and_found_by_name(tmp_path: Path) -> None:
    names = [f"pixel{number}" for number in range(30_000)]
    values = ",".join(["0.12345"] * len(names))  # a line is longer than a cell may be
    lines = [",".join([*names, "kind"]), f"{values},x", f"{values},y"]
    data = read(table(tmp_path, "\n".join(lines)))
    assert data.inputs.shape == (2, 30_000)


def test_only_the_file_that_is_split_needs_the_column_of_groups(tmp_path: Path) -> None:
    grouped = table(tmp_path, "a,kind,who\n1,x,1\n2,y,1\n3,x,2\n4,y,2\n")
    other = table(tmp_path, "kind,a\nx,1\n", "other.csv")
    split = Split(by="group", column="who")
    training, validation = CsvDataLoader(grouped, "kind", split=split, validation_path=other, test_path=other).load(
        RandomStreams(1)
    )
    assert validation is not None
    assert (len(training), len(validation)) == (4, 1)


def ship(folder: Path, **settings: Any) -> tuple[CsvDataLoader, list[list[float]]]:
    loader = CsvDataLoader(table(folder, SHIP), "survived", test_split=0, **settings)
    data = loaded(loader)
    return loader, data.inputs[data.rows].tolist()


CODED: dict[str, tuple[dict[str, Any], list[str], list[list[float]]]] = {
    "one-hot": (
        {"categories": "one_hot", "missing": "mean"},
        ["sex=female", "sex=male", "age", "deck=A", "deck=B"],
        [[0, 1, 20, 1, 0], [1, 0, 30, 0, 1], [0, 1, 40, 0, 0], [1, 0, 30, 1, 0]],
    ),
    "ordinal": (
        {"categories": "ordinal", "missing": "median"},
        ["sex", "age", "deck"],
        [[1, 20, 0], [0, 30, 1], [1, 40, -1], [0, 30, 0]],
    ),
    "an order of one's own": (
        {"categories": {"sex": ["male", "female"], "deck": "one_hot"}, "missing": {"age": -1, "deck": "C"}},
        ["sex", "age", "deck=A", "deck=B", "deck=C"],
        [[0, 20, 1, 0, 0], [1, -1, 0, 1, 0], [0, 40, 0, 0, 1], [1, 30, 1, 0, 0]],
    ),
    "numbers that are categories": (
        {"features": ["age"], "categories": {"age": "one_hot"}, "missing": "mean"},
        ["age=20", "age=30", "age=40"],
        [[1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 1, 0]],
    ),
}


@pytest.mark.parametrize(("settings", "names", "inputs"), CODED.values(), ids=CODED)
def test_texts_and_gaps_become_inputs(
    tmp_path: Path, settings: dict[str, Any], names: list[str], inputs: list[list[float]]
) -> None:
    loader, found = ship(tmp_path, **settings)
    assert found == inputs
    assert loader.preprocessing is not None
    assert [name for column in loader.preprocessing.columns or () for name in column.names] == names


def test_what_fills_gaps_is_of_the_training_samples_alone(tmp_path: Path) -> None:
    path = table(tmp_path, "a,y\n1,0\n,1\n3,0\n100,1\n")
    loader = CsvDataLoader(path, "y", test_split=0, validation_split=1, missing="mean")
    training, validation = loader.load(RandomStreams(1))
    assert validation is not None
    known = training.inputs[training.rows, 0]
    stored = [1.0, np.nan, 3.0, 100.0]
    trained = [stored[row] for row in training.rows if not np.isnan(stored[row])]
    assert {*known.tolist()} == {*trained, np.mean(trained)}


def coded_again(loader: CsvDataLoader, folder: Path, text: str) -> tuple[Array, list[str]]:
    """The inputs of another table by what was taken from the first, after its way through a checkpoint."""
    held = Preprocessing.from_state(json.loads(json.dumps(loader.preprocessing.state_dict())))  # type: ignore[union-attr]
    other = CsvDataLoader(table(folder, text, "other.csv"), "survived", test_split=0)
    notes: list[str] = []
    return held.apply([other.read_whole()], notes)[0].inputs, notes


def test_another_table_is_read_by_name_with_the_coding_of_training(tmp_path: Path) -> None:
    loader, _ = ship(tmp_path, categories="one_hot", missing="mean")
    inputs, notes = coded_again(loader, tmp_path, "survived,more,deck,age,sex\nyes,1,B,,male\nno,2,C,7,female\n")
    assert inputs.tolist() == [[0, 1, 30, 0, 1], [1, 0, 7, 0, 0]]
    assert notes == ["column 'deck' has 'C', which no training sample has; it is read as none of the categories"]
    with pytest.raises(DataError, match="the data have no column 'age', which was trained on; they have sex, deck"):
        coded_again(loader, tmp_path, "survived,sex,deck\nyes,male,A\n")
    with pytest.raises(DataError, match="the data have 'maybe', which is none of the 2 classes"):
        coded_again(loader, tmp_path, "survived,sex,age,deck\nmaybe,male,1,A\n")


def test_whole_numbers_up_to_255_are_kept_as_bytes_whatever_the_first_rows_hold(tmp_path: Path) -> None:
    rows = [f"{number % 256},{number % 2}" for number in range(5000)]
    assert read(table(tmp_path, "\n".join(["p,kind", *rows]))).inputs.dtype == np.uint8
    mixed = read(table(tmp_path, "\n".join(["p,kind", *rows, "0.5,1"]))).inputs
    assert mixed[:, 0].tolist() == [number % 256 for number in range(5000)] + [0.5]
