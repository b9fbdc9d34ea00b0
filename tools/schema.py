"""Config and search as JSON Schema, for editors: `python -m tools.schema` writes both files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from base.errors import ConfigError
from utils.command_line import schema_arguments
from utils.config.annotations import arguments_of
from utils.config.arguments import arguments_schema
from utils.config.docs import summary
from utils.config.imports import import_modules
from utils.config.messages import report
from utils.config.registry import FAMILIES, Family, Target, members, type_name
from utils.config.settings import Settings
from utils.entry import run_program
from utils.files import OUTPUT, replace_text

PARTIAL = "partial."
ROOT = Path(__file__).parents[1]
FILE, SEARCH_FILE = ROOT / "config.schema.json", ROOT / "search.schema.json"


def config_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a config file.

    A config that extends another may leave out any key, so there is a second, partial form of every definition.
    """
    record = arguments_of(Settings)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Config of a run",
        "description": summary(Settings),
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"$ref": f"#/$defs/{PARTIAL}config"},
        "else": {"$ref": "#/$defs/config"},
    }
    whole, partial = arguments_schema(record, partial=False), arguments_schema(record, partial=True)
    whole["properties"] |= {"$schema": {"type": "string"}}
    extends = {"type": "string", "description": "The path, relative to this file, of the config that this one changes."}
    partial["properties"] |= {"$schema": {"type": "string"}, "extends": extends}
    return schema | {"$defs": _definitions({"config": whole, f"{PARTIAL}config": partial})}


def search_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a file for search.py."""
    from trainer.search.settings import SearchSettings

    whole = arguments_schema(arguments_of(SearchSettings), partial=False)
    whole["properties"] |= {"$schema": {"type": "string"}}
    start = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A search"}
    return start | {"description": summary(SearchSettings)} | whole | {"$defs": _definitions({"search": whole})}


def _definitions(found: dict[str, Any]) -> dict[str, Any]:
    """The given definitions, and all those that they refer to."""
    missing = set(_references(found)) - found.keys()
    while missing:
        found |= {label: _definition(label) for label in sorted(missing)}
        missing = set(_references(found)) - found.keys()
    return dict(sorted(found.items()))


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        yield schema["$ref"].removeprefix("#/$defs/")
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for item in inner:
        yield from _references(item)


def _definition(label: str) -> dict[str, Any]:
    """The definition of a label such as "layers", "layers.Linear" or "partial.layers"."""
    partial = label.startswith(PARTIAL)
    family_label, _, name = label.removeprefix(PARTIAL).partition(".")
    family = next(family for family in FAMILIES.values() if family.label == family_label)
    return _component(members(family)[name], partial) if name else _family(family, partial)


def _family(family: Family, partial: bool) -> dict[str, Any]:
    bare = [name for name, target in members(family).items() if partial or not _requires(target)]
    prefix = f"{PARTIAL if partial else ''}{family.label}"
    refs = [{"$ref": f"#/$defs/{prefix}.{name}"} for name in members(family)]
    return {"description": summary(family.base), "anyOf": [*([{"enum": bare}] if bare else []), *refs]}


def _component(target: Target, partial: bool) -> dict[str, Any]:
    args = arguments_schema(arguments_of(target), partial)
    required = [] if partial else ["type", "args"] if _requires(target) else ["type"]
    return {
        "description": summary(target),
        "type": "object",
        "properties": {"type": {"const": type_name(target)}, "args": args},
        "required": required,
        "additionalProperties": False,
    }


def _requires(target: Target) -> bool:
    return any(argument.is_required for argument in arguments_of(target).values())


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both files, or one for configs that import modules of a user's own."""
    args = schema_arguments()
    if not args.imports:
        replace_text(FILE, schema_text(config_schema()))
        replace_text(SEARCH_FILE, schema_text(search_schema()))
        return
    if mistakes := import_modules(args.imports):
        raise ConfigError(report("--imports", mistakes))
    replace_text(Path(args.output), schema_text(config_schema()), OUTPUT)


if __name__ == "__main__":
    run_program(main)
