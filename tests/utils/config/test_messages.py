"""The wording of messages."""

import pytest

from utils.config.messages import Mistake, join, nearest, report, shown


@pytest.mark.parametrize(
    ("name", "meant"), [("relu", "ReLU"), ("ReLu", "ReLU"), ("Linaer", "Linear"), ("Zzz", None), ("", None)]
)
def test_the_nearest_name_is_found_whatever_its_case(name: str, meant: str | None) -> None:
    assert nearest(name, ["ReLU", "Linear", "Dropout"]) == meant


def test_a_report_counts_its_mistakes() -> None:
    assert report("c.json", [Mistake("a.0", "x")]) == "c.json: 1 mistake\n  a.0: x"
    assert report("c.json", [Mistake("", "x"), Mistake("b", "y")]) == "c.json: 2 mistakes\n  x\n  b: y"


def test_a_report_of_more_than_anybody_reads_is_cut() -> None:
    lines = report("c.json", [Mistake(f"k{n}", "x" * 10_000) for n in range(50_000)]).splitlines()
    assert lines[0] == "c.json: 50000 mistakes"
    assert lines[-1] == "  ... and 49900 more"
    assert len(lines) == 102
    assert max(map(len, lines)) < 2010


def test_a_path_can_be_printed_whatever_its_keys() -> None:
    assert join("", "a") == "a"
    assert join("a", 0) == "a.0"
    assert join("a", "\x1b") == 'a."\\u001b"'
    assert join("a", "") == 'a.""'


def test_a_value_is_shown_short_and_printable() -> None:
    assert shown(list(range(100))) == "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16..."
    assert shown("\ud800\x00é").encode() == '"\\ud800\\u0000é"'.encode()
    assert shown(1 + 2j) == '"(1+2j)"'
