"""Slips in YAML text: where each is, what it is, and what to write."""

import re

from yaml import MarkedYAMLError

_QUOTE = "put the text in quotes"
# Parts of the library's messages, and what they mean to somebody who writes a config; {} is the text there.
_MEANINGS = {
    "mapping values are not allowed": 'found a second ": " in one value, or a line that is indented more than the one '
    f"above and is no part of it; {_QUOTE}, or give each key a line and a blank after its colon",
    "not find expected key": "the line begins in another column than the keys it belongs to; indent it as they are",
    "',' or ']'": "a list that begins here has no comma between two values, or no closing ]",
    "',' or '}'": "an object that begins here has no comma between two values, or no closing }",
    "end of stream": "a text that begins here has no closing quote",
    "undefined alias": "there is no &name before this *name; a text that begins with * stands in quotes",
    "cannot start any token": f"no text begins with this character; {_QUOTE}",
    "unknown escape": 'within "..." a backslash is written twice; or take single quotes, or / in a path',
    "a constructor for the tag": "a config holds plain values; leave out the tag that begins with !",
    "found another document": "a config is one document; delete the --- and what is after it, or make it a file",
    "expected '-' indicator": "a key stands in the column of a list's dashes; indent the list, or the key less",
    "a key must be text": "a key is no text; put it in quotes",
}


def yaml_mistake(text: str, error: MarkedYAMLError) -> str:
    """Line and column of what YAML could not read, what it is, and what to write."""
    told = ", ".join(filter(None, [error.context, error.problem]))
    meaning = next((meaning for part, meaning in _MEANINGS.items() if part in told), told)
    begins_here = "begins here" in meaning and error.context_mark is not None
    mark = error.context_mark if begins_here else error.problem_mark or error.context_mark
    if mark is None:
        return meaning
    lines = text.splitlines()
    if mark.line < len(lines) and re.match(r" *\t", lines[mark.line]):
        meaning = "a tab cannot indent YAML; indent by blanks"
    return f"line {mark.line + 1} column {mark.column + 1}: {meaning}"
