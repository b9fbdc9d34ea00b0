"""Write docs/reference.md from signatures and docstrings: python -m tools.reference"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trainer.search.settings import SearchSettings
from utils.config.annotations import arguments_of
from utils.config.arguments import Argument, Arguments
from utils.config.composites import Component, ObjectOf
from utils.config.containers import DictOf, ListOf, OneOf, TupleOf
from utils.config.docs import paragraphs, summary
from utils.config.kinds import Kind
from utils.config.messages import either
from utils.config.registry import FAMILIES, Family, Target, members
from utils.config.settings import Settings
from utils.config.trainer_settings import TrainerSettings
from utils.entry import run_program

FILE = Path(__file__).parents[1] / "docs" / "reference.md"
INTRODUCTION = """\
# Reference

Every key of a config and of a search, and every component with its arguments. `python -m tools.reference` writes this
page from the signatures and docstrings of the code, and a test keeps the two in step.

A component is given as `{"type": NAME, "args": {...}}`, or as its bare name where no argument has to be given.
Arguments marked *required* have no default. N counts samples; images are (N, H, W, C). Beside the keys listed here, a
config may hold `$schema` and `extends` ([Write a config](guides/config.md)).
"""
SECTIONS: dict[type, str] = {TrainerSettings: "Keys of trainer"}  # objects that have a section of their own
HEAD = "| {} | type | default | meaning |\n|---|---|---|---|"


def reference() -> str:
    """The page."""
    config, trainer, search = arguments_of(Settings), arguments_of(TrainerSettings), arguments_of(SearchSettings)
    sections = [
        INTRODUCTION,
        _families({**config, **search}),
        _section("Keys of a config", Settings, _table("key", config)),
        _section(SECTIONS[TrainerSettings], TrainerSettings, _table("key", trainer)),
        *(_family(family) for family in FAMILIES.values()),
        _section("Keys of a search", SearchSettings, _table("key", search)),
    ]
    return "\n".join(sections)


def _families(keys: Arguments) -> str:
    """An overview: where a config names each family, and links to all that it may name."""
    rows = ["| family | given as | components |", "|---|---|---|"]
    for family in FAMILIES.values():
        given = [f"`{name}`" for name, key in keys.items() if family in _mentioned(key.kind)]
        links = ", ".join(f"[{name}](#{_anchor(_heading(name, family))})" for name in members(family))
        title = f"[{_title(family)}](#{_anchor(_title(family))})"
        rows.append(f"| {title} | {', '.join(given) or 'an argument'} | {links} |")
    return "\n".join(rows) + "\n"


def _family(family: Family) -> str:
    components = (_component(name, target, family) for name, target in members(family).items())
    return "\n".join([_section(_title(family), family.base), *components])


def _component(name: str, target: Target, family: Family) -> str:
    text = [_paragraph(paragraph) for paragraph in paragraphs(target)]
    source = f"In `{target.__module__.replace('.', '/')}.py`."
    arguments = arguments_of(target)
    table = [_table("argument", arguments)] if arguments else []
    return "\n\n".join([f"### {_heading(name, family)}", *text, source, *table]) + "\n"


def _section(title: str, target: Any, *parts: str) -> str:
    return "\n\n".join([f"## {title}", _escaped(summary(target)), *parts]) + "\n"


def _table(head: str, arguments: Arguments) -> str:
    return "\n".join([HEAD.format(head), *_rows(arguments, "")])


def _rows(arguments: Arguments, prefix: str) -> Iterator[str]:
    """A row for each argument, and below it those for the keys of the object that it may be."""
    for name, argument in arguments.items():
        yield _row(prefix + name, argument)
        for suffix, record in _records(argument.kind):
            if record.target not in SECTIONS:
                yield from _rows(arguments_of(record.target), f"{prefix}{name}{suffix}.")


def _row(name: str, argument: Argument) -> str:
    default = "*required*" if argument.is_required else _code(_concise(argument.checked_default().plain))
    cells = [f"`{name}`", _type(argument.kind), default, _escaped(argument.text)]
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _type(kind: Kind) -> str:
    """A kind in words, in which families are links."""
    if isinstance(kind, Component):
        return f"[{kind.family.one}](#{_anchor(_title(kind.family))})"
    if isinstance(kind, ObjectOf):
        section = SECTIONS.get(kind.target)
        return f"[an object](#{_anchor(section)})" if section else "an object with the keys below"
    if isinstance(kind, OneOf):
        return either([_type(one) for one in kind.kinds])
    if isinstance(kind, ListOf | DictOf):
        before, _, after = kind.describe().partition(kind.item.describe())
        return before + _type(kind.item) + after
    return _escaped(kind.describe())


def _mentioned(kind: Kind) -> set[Family]:
    """The families that a kind chooses from."""
    if isinstance(kind, Component):
        return {kind.family}
    return {family for inner in _inner(kind).values() for family in _mentioned(inner)}


def _records(kind: Kind) -> Iterator[tuple[str, ObjectOf]]:
    """The objects with fixed keys that a kind may be or hold, each with what its path adds."""
    if isinstance(kind, ObjectOf):
        yield "", kind
    for suffix, inner in _inner(kind).items():
        yield from ((suffix.rstrip("0123456789") + further, record) for further, record in _records(inner))


def _inner(kind: Kind) -> Mapping[str, Kind]:
    if isinstance(kind, ListOf):
        return {"[]": kind.item}
    if isinstance(kind, DictOf):
        return {".KEY": kind.item}
    several = kind.kinds if isinstance(kind, OneOf) else kind.items if isinstance(kind, TupleOf) else ()
    return {str(number): one for number, one in enumerate(several)}


def _concise(value: Any) -> Any:
    """A default without those arguments of components that are as by default themselves."""
    if not isinstance(value, dict) or value.keys() != {"type", "args"}:
        return value
    target = next(known[value["type"]] for known in map(members, FAMILIES.values()) if value["type"] in known)
    own = {
        name: _concise(value["args"][name])
        for name, argument in arguments_of(target).items()
        if argument.is_required or argument.checked_default().plain != value["args"][name]
    }
    return {"type": value["type"], "args": own} if own else value["type"]


def _title(family: Family) -> str:
    return family.label.capitalize()


def _heading(name: str, family: Family) -> str:
    """The name, with the family where another family has the same."""
    clashes = [other for other in FAMILIES.values() if name in members(other)]
    return name if len(clashes) == 1 else f"{name} ({family.noun})"


def _anchor(heading: str) -> str:
    """The anchor that GitHub and MkDocs both make of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _paragraph(text: str) -> str:
    if text.startswith(">>>"):
        return f"```python\n{text}\n```"
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Text in which Markdown sees no markup but `code`; * between spaces and _ within words are none anyway."""
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"(?<! )\*|\*(?! )|\b_|_\b|\\", r"\\\g<0>", part).replace("<", "&lt;") for part in parts[::2]]
    return "".join(parts)


def _code(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def main() -> None:
    """Write the page."""
    argparse.ArgumentParser(prog="python -m tools.reference", description="Write docs/reference.md.").parse_args()
    FILE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    run_program(main)
