"""config.schema.json: in step with the code, and of one mind with the checker."""

import json
from typing import Any

import jsonschema
import pytest

from tests.utils.config.cases import BEYOND_SCHEMA, CONFIG, STRUCTURAL, changed
from tools.schema import FILE, SEARCH_FILE, config_schema, schema_text, search_schema
from utils.config.parser import ConfigParser

VALIDATOR = jsonschema.Draft202012Validator(config_schema())


def accepts(config: Any) -> bool:
    return bool(VALIDATOR.is_valid(config))


def test_the_committed_schema_is_in_step_with_the_code() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(config_schema()), "run: python -m tools.schema"


def test_the_committed_schema_of_searches_is_in_step_and_accepts_those_of_the_project() -> None:
    schema = search_schema()
    assert SEARCH_FILE.read_text(encoding="utf-8") == schema_text(schema), "run: python -m tools.schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    configs = SEARCH_FILE.parent / "configs"
    paths = [*configs.glob("search/*.json"), *configs.glob("experiments/*/search.json")]
    searches = [json.loads(path.read_text()) for path in paths]
    assert len(searches) == 2
    for search in searches:
        jsonschema.Draft202012Validator(schema).validate(search)
        assert not jsonschema.Draft202012Validator(schema).is_valid(search | {"trails": 3})


def test_the_schema_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(config_schema())


def test_a_config_that_is_right_is_accepted_as_written_and_as_resolved() -> None:
    assert accepts(CONFIG)
    assert accepts(ConfigParser(CONFIG).resolved)
    assert accepts(CONFIG | {"$schema": "config.schema.json"})


@pytest.mark.parametrize("assignment", [row[0] for row in STRUCTURAL if not row[0].startswith("extends")])
def test_what_the_checker_refuses_for_its_structure_the_schema_refuses_too(assignment: str) -> None:
    assert not accepts(changed(assignment))


@pytest.mark.parametrize("assignment", [row[0] for row in BEYOND_SCHEMA])
def test_only_what_takes_more_than_structure_to_see_is_left_to_the_checker(assignment: str) -> None:
    assert accepts(changed(assignment))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"optimizer": {"args": {"lr": 0.5}}},
        {"optimizer": "SGD"},
        {"regularizer": None},
        {"trainer": {"early_stop": 3}},
        {"arch": {"args": {"activation": {"args": {"negative_slope": 0.1}}}}},
    ],
)
def test_a_config_that_extends_another_may_leave_out_any_key(change: dict[str, Any]) -> None:
    assert accepts({"extends": "config.json"} | change)


@pytest.mark.parametrize(
    "change",
    [{"optimizer": {"args": {"lrr": 1}}}, {"trainer": {"epoch": 3}}, {"los": 1}, {"metrics": ["acc"]}, {"extends": 1}],
)
def test_a_config_that_extends_another_is_checked_all_the_same(change: dict[str, Any]) -> None:
    assert not accepts({"extends": "config.json"} | change)


def test_the_schema_documents_keys_and_arguments_with_their_defaults() -> None:
    definitions = config_schema()["$defs"]
    assert definitions["config"]["properties"]["seed"]["description"] == "the source of all randomness."
    momentum = definitions["optimizers.SGD"]["properties"]["args"]["properties"]["momentum"]
    assert momentum["default"] == 0.0
    assert momentum["description"]
