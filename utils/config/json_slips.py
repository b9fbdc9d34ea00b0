"""Slips in JSON text: where each is, what it is, and what to write."""

import re
from json import JSONDecodeError

from utils.config.messages import cut

_STRING = r'"(?:[^"\\\n]|\\.)*"'
_TOKENS = re.compile(rf"{_STRING}|-?[\w.+-]+|\S")
_WORDS = {"True": "true", "False": "false", "None": "null", "nan": "null", "undefined": "null", "yes": "true"}
_WORDS |= {
    "TRUE": "true",
    "FALSE": "false",
    "NULL": "null",
    "Null": "null",
    "no": "false",
    "on": "true",
    "off": "false",
}
_CURLY = "\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb"  # quotes of a text editor


def json_mistake(text: str, error: JSONDecodeError) -> str:
    """Line and column of what json could not read, what it is, and what to write."""
    where, what = _slip(text, error)
    return f"{place(text, where)}: {what}"


def place(text: str, position: int) -> str:
    """A position in a text as a line and a column, counted from 1.

    >>> place("a\\nbc", 3)
    'line 2 column 2'
    """
    return f"line {text.count(chr(10), 0, position) + 1} column {position - text.rfind(chr(10), 0, position)}"


def place_of(text: str, token: str) -> str:
    """The place of the first such token outside of strings.

    >>> place_of('{"NaN": NaN}', "NaN")
    'line 1 column 9'
    """
    starts = (match.start() for match in _TOKENS.finditer(text) if match[0] == token)
    return place(text, next(starts, 0))


def place_of_repeated_key(text: str, key: str) -> str:
    """The place where an object has a key for the second time."""
    seen: list[set[str]] = [set()]
    for match in _TOKENS.finditer(text):
        if match[0] in "{[":
            seen.append(set())
        elif match[0] in "}]":
            seen.pop()
        elif match[0][0] == '"' and text[match.end() :].lstrip().startswith(":"):
            if match[0] in seen[-1] and match[0][1:-1] == key:
                return place(text, match.start())
            seen[-1].add(match[0])
    return "line 1 column 1"  # of a key that is written in two ways


def _slip(text: str, error: JSONDecodeError) -> tuple[int, str]:
    """The position of a slip, and what it is."""
    start = error.pos + len(text[error.pos :]) - len(text[error.pos :].lstrip())
    before, rest = text[:start].rstrip(), text[start:]
    if rest[:2] in ("//", "/*") or rest[:1] == "#":
        return (
            start,
            "a comment, which JSON does not have; delete it, or write the config in YAML, which has # comments",
        )
    if (before.endswith(",") and rest[:1] in ("}", "]")) or re.match(r",\s*[}\]]", rest):
        comma = start if rest[0] == "," else len(before) - 1
        return comma, f"a comma after the last item of {_kind(text, comma)}; delete it"
    if not rest:
        return len(before), f"the text ends within {_kind(text, len(text))}; a closing bracket is missing"
    if what := _text_slip(rest, error.msg) or _number_slip(before, rest):
        return start, what
    if "Extra data" in error.msg:
        if text.lstrip().startswith("{"):
            return start, "more after the end of the first object; delete it"
        return start, "expected { before the first key, and } after the last value"
    return start, _expected(before, rest, error.msg)


def _text_slip(rest: str, message: str) -> str | None:
    """The mistake in a text or a word that begins here."""
    if "escape" in message:
        return 'a backslash in a text is written twice ("C:\\\\data"), and a path may have / instead'
    if "control character" in message or "Unterminated" in message:
        return 'a text without its closing " before the end of the line'
    if rest[0] == "'" or rest[0] in _CURLY:
        return f'texts stand in straight double quotes: write " for {rest[0]}'
    word = re.match(r"[^\W\d]\w*", rest)
    if word is None or "delimiter" in message or "Extra" in message:
        return None
    if word[0] in _WORDS and "property name" not in message:
        return f"{word[0]} is written {_WORDS[word[0]]} in JSON"
    return f'{"a key" if "property name" in message else "a text"} stands in double quotes: write "{word[0]}"'


def _number_slip(before: str, rest: str) -> str | None:
    """The mistake in a number that ends or begins here."""
    if re.match(r"\.\d", rest):
        return "a number begins with a digit: write 0 before the point"
    if re.match(r"\+\.?\d", rest):
        return "a number has no + before it; delete it"
    if re.search(r"\d$", before) and (rest[0] in "._" or (before[-1] == "0" and rest[0].isdigit())):
        return f"a number is written as 0.5, 1000 or 1e-3, not {_last(before)}{_first(rest)}"
    if re.search(r"\d,$", before) and re.match(r"\d{3}\b", rest):
        return "a number has no commas between its digits; delete them"
    return None


def _expected(before: str, rest: str, message: str) -> str:
    """A message of what was expected and what was found."""
    found = cut(_first(rest), 20)
    if "':'" in message:
        return f'expected ":" between a key and its value, found {found}'
    if "','" not in message:
        wanted = "a key in double quotes" if "property name" in message else "a value"
        return f"expected {wanted}, found {found}{'; delete it' if rest[0] == ',' else ''}"
    if rest[0] in "}]":
        return f"expected {'}' if rest[0] == ']' else ']'}, which closes what was opened last, found {rest[0]}"
    return f"expected a comma, found {found}; a comma is missing, or a quote before it is one too many"


def _first(rest: str) -> str:
    match = re.match(rf"{_STRING}|[\w.+-]+|.", rest)
    return match[0] if match else ""


def _last(before: str) -> str:
    return re.split(r"[^\w.+-]", before)[-1]


def _kind(text: str, end: int) -> str:
    """The kind of value that a position is within."""
    opened: list[str] = []
    for match in _TOKENS.finditer(text, 0, end):
        if match[0] in "{[":
            opened.append(match[0])
        elif match[0] in "}]" and opened:
            opened.pop()
    return "a list" if opened and opened[-1] == "[" else "an object"
