"""The callbacks; a new one is one row."""

from typing import Any

from tests.cases.case import Case

CASES = [
    Case("ParameterNorms", {}),
    Case("ParameterNorms", {"file": "sizes.csv"}),
]

# Type, arguments, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("ParameterNorms", {"file": "../norms.csv"}, "file: expected a name without a folder, got '../norms.csv'"),
    ("ParameterNorms", {"file": ""}, "file: expected a name without a folder"),
]
