"""--set KEY.PATH=VALUE."""

import copy
from typing import Any

import pytest

from base.errors import ConfigError
from tests.utils.config.cases import CONFIG
from utils.config.overrides import SHORT_FLAGS, override, types_first
from utils.config.parser import ConfigParser


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("a=1", {"a": 1}),
        ("a=1e-4", {"a": 1e-4}),
        ("a=text", {"a": "text"}),
        ('a="1"', {"a": "1"}),
        ("a=", {"a": ""}),
        ("a=x=y", {"a": "x=y"}),
        ("a=null", {"a": None}),
        ('a={"b": [1]}', {"a": {"b": [1]}}),
        ("a=[1, 2", {"a": "[1, 2"}),
        ("a=NaN", {"a": "NaN"}),
        ("a.b.c=1", {"a": {"b": {"c": 1}}}),
    ],
)
def test_a_value_is_json_or_else_text_and_missing_objects_are_made(assignment: str, expected: Any) -> None:
    assert override({}, [assignment]) == expected


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("list.1=9", {"list": [1, 9], "type": "SGD", "none": None}),
        ("type.args.lr=1", {"list": [1, 2], "type": {"type": "SGD", "args": {"lr": 1}}, "none": None}),
        ("none.x=1", {"list": [1, 2], "type": "SGD", "none": {"x": 1}}),
    ],
)
def test_a_path_leads_through_lists_bare_components_and_null(assignment: str, expected: Any) -> None:
    assert override({"list": [1, 2], "type": "SGD", "none": None}, [assignment]) == expected


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("lr", "--set lr: expected KEY.PATH=VALUE, such as optimizer.args.lr=0.1"),
        ("=1", "expected KEY.PATH=VALUE"),
        ("a..b=1", "expected KEY.PATH=VALUE"),
        (".a=1", "expected KEY.PATH=VALUE"),
        ("seed.x=1", "'x' would have to be a key of 309, which has no keys"),
        ("name.x=1", "'x' would have to be a key of \"mnist_mlp\""),
        ("augmentation.1.args.max_pixels=1", "expected an index from 0 to 0, got '1'"),
        ("augmentation.-1=1", "expected an index from 0 to 0, got '-1'"),
        ("augmentation.first=1", "expected an index from 0 to 0, got 'first'"),
    ],
)
def test_an_assignment_that_cannot_be_made_is_refused(assignment: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        override(CONFIG, [assignment])
    assert words in str(caught.value)


def test_an_index_into_an_empty_list_is_refused() -> None:
    with pytest.raises(ConfigError, match="the list is empty"):
        override({"a": []}, ["a.0=1"])


def test_overrides_are_made_in_order_and_leave_the_given_config_alone() -> None:
    before = copy.deepcopy(CONFIG)
    changed = override(CONFIG, ["optimizer=Adam", "optimizer.args.lr=1", "optimizer.args.lr=2"])
    assert changed["optimizer"] == {"type": "Adam", "args": {"lr": 2}}
    assert before == CONFIG


def test_parts_that_yaml_aliases_share_are_changed_apart() -> None:
    shared = {"lr": 1}
    assert override({"a": shared, "b": shared}, ["a.lr=2"]) == {"a": {"lr": 2}, "b": {"lr": 1}}


def test_short_flags_lead_to_keys_that_are_there() -> None:
    resolved = ConfigParser(override(CONFIG, [f"{path}=7" for path in SHORT_FLAGS.values()])).resolved
    assert resolved["optimizer"]["args"]["lr"] == 7
    assert resolved["data_loader"]["args"]["batch_size"] == 7
    assert resolved["trainer"]["epochs"] == resolved["seed"] == 7


@pytest.mark.parametrize(
    ("assignments", "optimizer"),
    [
        (["optimizer.type=Adam"], {"type": "Adam"}),
        (["optimizer.type=SGD"], {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}}),
        (["optimizer.type=Adam", "optimizer.args.eps=1"], {"type": "Adam", "args": {"eps": 1}}),
        (["optimizer.args.eps=1", "optimizer.type=Adam"], {"type": "Adam", "args": {"eps": 1}}),
        (["optimizer.args={}", "optimizer.type=Adam"], {"type": "Adam"}),
        (['optimizer={"type": "Lion", "args": {"lr": 1}}', "optimizer.type=Adam"], {"type": "Adam"}),
    ],
)
def test_another_type_leaves_out_the_arguments_of_the_one_before(assignments: list[str], optimizer: Any) -> None:
    config = {"optimizer": {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}}}
    assert override(config, assignments)["optimizer"] == optimizer


def test_another_type_of_a_component_in_a_list_leaves_out_its_arguments() -> None:
    config = {"metrics": [{"type": "f1", "args": {"class_index": 1}}, "accuracy"]}
    assert override(config, ["metrics.0.type=recall"])["metrics"] == [{"type": "recall"}, "accuracy"]


def test_types_come_first_where_order_does_not_count() -> None:
    assert types_first(["a.args.b", "seed", "a.type"]) == ["a.type", "a.args.b", "seed"]
