"""A run that is killed costs nothing; the long form is python -m tests.crash."""

import sys
from pathlib import Path

import pytest

from tests.crash import KINDS, play

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs signals and process groups"),
]


def test_runs_killed_at_random_moments_end_as_those_never_stopped(tmp_path: Path) -> None:
    assert play(tmp_path, rounds=len(KINDS), seed=309) > 0
