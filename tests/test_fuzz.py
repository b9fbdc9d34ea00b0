"""Harmed files end in success or in the clear error; the long form is python -m tests.fuzz."""

import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.usefixtures("here", "no_pictures")
def test_harmed_files_are_read_or_refused_in_words(tmp_path: Path) -> None:
    from tests.fuzz.run import play

    ends, defects = play(tmp_path, count=320, seed=309)
    assert not defects, "\n".join(defects)
    assert min(ends["read"], ends["exit code 2"]) > 5
