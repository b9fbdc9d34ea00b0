"""The callbacks; a new one is one row."""

from typing import Any

from tests.cases.case import Case

CASES = [
    Case("ParameterNorms", {}),
    Case("ParameterNorms", {"file": "sizes.csv"}),
    Case("MLflow", {}),
    Case("MLflow", {"tracking_uri": "sqlite:///runs.db", "experiment": "digits", "checkpoints": False}),
]

# Type, arguments, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("ParameterNorms", {"file": "../norms.csv"}, "file: expected a name without a folder, got '../norms.csv'"),
    ("ParameterNorms", {"file": ""}, "file: expected a name without a folder"),
    ("MLflow", {"tracking_uri": "runs.db"}, "tracking_uri: expected a URI such as sqlite:///runs.db, got 'runs.db'"),
    ("MLflow", {"experiment": " "}, "experiment: expected a name, got an empty one"),
]
