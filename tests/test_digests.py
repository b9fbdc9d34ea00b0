"""The weights of compiled trainings are the same everywhere, and as they were."""

import json
import os
import subprocess
import sys

import pytest

from tests.digests import STORED, TRAININGS, digest
from tests.every_ops import needs_numba
from tests.running import PROJECT

pytestmark = needs_numba

DIGESTS: dict[str, str] = json.loads(STORED.read_text(encoding="utf-8"))
FORMS = {
    "four lanes, small tiles": {"OPS_VECTOR_BYTES": "16", "OPS_TILE_ROWS": "5,3"},
    "AVX2": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma,+avx,+sse4.2,+bmi,+bmi2"},
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", TRAININGS)
@pytest.mark.usefixtures("here")
def test_as_stored(name: str, threads: int) -> None:
    assert digest(name, threads=threads) == DIGESTS[name]


@pytest.mark.kernels
@pytest.mark.parametrize("form", FORMS)
def test_compiled_for_others(form: str) -> None:
    command = [sys.executable, "-m", "tests.digests"]
    printed = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, **FORMS[form]}, capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(printed) == DIGESTS
