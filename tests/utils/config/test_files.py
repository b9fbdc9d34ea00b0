"""Reading config files, and what they extend."""

import json
from pathlib import Path

import pytest

from base.errors import ConfigError
from utils.config.files import read_config


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{", "a.json: line 1 column 2: the text ends within an object"),
        ("a.json", '{"lr": 1,\n}', "line 1 column 9: a comma after the last item of an object; delete it"),
        ("a.json", "", "the file is empty"),
        ("a.json", "[1]", r"expected an object with keys and values, got \[1\]"),
        ("a.json", '{"a": {"lr": 1, "lr": 2}}', "the key 'lr' is there twice"),
        ("a.json", "{" + "".join(f'"{n}": 1, ' for n in range(24_000)) + '"9": 2}', "the key '9' is there twice"),
        ("a.json", '{"a": NaN}', "NaN is not a number"),
        ("a.json", '{"a": -Infinity}', "-Infinity is not a number"),
        ("a.json", '{"a": 1e999}', "1e999 is too large"),
        ("a.json", '{"a": ' + "9" * 5000 + "}", "line 1 column 7: 9{37}[.]{3} is too large"),
        ("a.json", b'{"a": "\xff"}', "is not UTF-8 text"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", '{"a": ' + "[" * 80 + "]" * 80 + "}", "nested deeper than"),
        ("a.json", '{"a": "' + "x" * 1_000_001 + '"}', "too large for a config"),
        ("a.toml", "a = 1", r"expected a file that ends in \.json, \.yaml, \.yml"),
        ("a.yaml", "a: [1", "a.yaml: line 1 column 4: a list that begins here"),
        ("a.yaml", "a: 1\nb:\n\t- 2", "line 3 column 1"),
        ("a.yaml", "", "the file is empty; expected an object with keys and values"),
        ("a.yaml", "a: 1\nb: 2\na: 3", "line 3 column 1: the key 'a' is there twice"),
        ("a.yaml", "1: 2", "a key is no text; put it in quotes"),
        ("a.yaml", "[a]: 2", "a key is no text; put it in quotes"),
        ("a.yaml", "a: 1\n---\nb: 2", "a config is one document"),
        ("a.yaml", "a: !!python/object/apply:os.system [ls]", "leave out the tag"),
        ("a.yaml", "a: !!set {b}", "leave out the tag"),
        ("a.yaml", "a: !!map [b]", "expected keys and values"),
        ("a.yaml", "a: !!int b", "invalid literal"),
        ("a.yaml", "a: &a [*a]", "recursive"),
        ("a.yaml", "a: \0", "not allowed"),
        ("a.yaml", "[" * 10_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_name_and_the_place(
    tmp_path: Path, name: str, text: str | bytes, words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        read_config(write(tmp_path, name, text))
    assert str(tmp_path / name) in str(caught.value)


def test_yaml_aliases_that_stand_for_a_billion_values_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(ConfigError, match="holds more than"):
        read_config(write(tmp_path, "a.yaml", "\n".join(lines)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", {"p": 1, "q": 3}),
        ("a: &x {p: 1, q: 2}\nb: {q: 3, <<: *x}", {"p": 1, "q": 3}),
        ("a: &x {p: 1}\nc: &y {p: 2, r: 2}\nb: {<<: [*x, *y]}", {"p": 1, "r": 2}),
        ("a: &x {p: {q: 1}}\nb: {<<: *x, p: {r: 2}}", {"p": {"r": 2}}),
        ("b: {'<<': 3}", {"<<": 3}),
    ],
)
def test_merge_keys_of_yaml_are_read(tmp_path: Path, text: str, value: object) -> None:
    assert read_config(write(tmp_path, "a.yaml", text))["b"] == value


def test_merge_keys_of_very_much_are_refused(tmp_path: Path) -> None:
    big = "a: &x {" + ", ".join(f"k{n}: 1" for n in range(500)) + "}"
    text = f"{big}\nb: {{<<: [{', '.join(['*x'] * 100)}]}}"
    with pytest.raises(ConfigError, match="holds more than"):
        read_config(write(tmp_path, "a.yaml", text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-4", 1e-4),
        ("1E5", 1e5),
        (".5", 0.5),
        ("-2.", -2.0),
        ("010", 10),
        ("+3", 3),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("2024-01-01", "2024-01-01"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("'5'", "5"),
    ],
)
def test_yaml_scalars_mean_what_they_look_like(tmp_path: Path, text: str, value: object) -> None:
    read = read_config(write(tmp_path, "a.yml", f"a: {text}"))["a"]
    assert (read, type(read)) == (value, type(value))


def test_yaml_and_json_give_the_same_config(tmp_path: Path) -> None:
    as_yaml = write(tmp_path, "a.yaml", "name: x\noptimizer:\n  type: SGD\n  args: {lr: 1e-2}\nmetrics: [accuracy]\n")
    value = {"name": "x", "optimizer": {"type": "SGD", "args": {"lr": 0.01}}, "metrics": ["accuracy"]}
    assert read_config(as_yaml) == read_config(write(tmp_path, "a.json", json.dumps(value))) == value


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert read_config(write(tmp_path, "a.json", b'\xef\xbb\xbf{"a": 1}')) == {"a": 1}


def test_a_missing_file_says_which_one_may_be_meant(tmp_path: Path) -> None:
    write(tmp_path, "config.json", "{}")
    write(tmp_path, "confg.schema.json", "{}")  # more alike, but no config
    with pytest.raises(ConfigError, match=r"there is no such file; did you mean '.*config\.json'"):
        read_config(tmp_path / "confg.json")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nor a folder .*nowhere"):
        read_config(tmp_path / "nowhere" / "config.json")


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(ConfigError, match="is a folder"):
        read_config(tmp_path / "folder.json")


def test_a_path_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config("a\0.json")


def test_extending_is_relative_to_the_file_that_says_so_and_can_be_chained(tmp_path: Path) -> None:
    write(tmp_path, "base.json", '{"a": 1, "b": {"x": 1, "y": [1, 2]}, "c": 1}')
    write(tmp_path, "sub/middle.yaml", "extends: ../base.json\nb: {x: 2}\n")
    top = write(tmp_path, "sub/top.json", '{"extends": "middle.yaml", "b": {"y": [3]}, "c": null}')
    assert read_config(top) == {"a": 1, "b": {"x": 2, "y": [3]}, "c": None}


def test_a_cycle_of_extending_is_refused_with_its_chain(tmp_path: Path) -> None:
    write(tmp_path, "b.json", '{"extends": "a.json"}')
    with pytest.raises(ConfigError, match=r"extends itself: a\.json -> b\.json -> a\.json"):
        read_config(write(tmp_path, "a.json", '{"extends": "b.json"}'))


def test_extending_what_is_not_there_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"base\.json: there is no such file"):
        read_config(write(tmp_path, "a.json", '{"extends": "base.json"}'))


def test_extending_needs_a_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="extends: expected the path of another config, got 3"):
        read_config(write(tmp_path, "a.json", '{"extends": 3}'))
