"""OpenBLAS is asked for the kernels that a processor can run, and for no others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PROJECT
from utils import blas_kernels
from utils.blas_kernels import NEEDED, has_wide_kernels


def described(vendor: str, flags: str) -> str:
    """What Linux says of two cores."""
    core = f"processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: X: Y\nflags\t\t: fpu avx2 {flags}\n\n"
    return core * 2


def test_only_amd_processors_with_all_the_instructions_get_wide_kernels() -> None:
    wide = " ".join(NEEDED)
    assert has_wide_kernels(described("AuthenticAMD", wide))
    assert not has_wide_kernels(described("AuthenticAMD", wide.replace("avx512dq", "")))
    assert not has_wide_kernels(described("GenuineIntel", wide))
    assert not has_wide_kernels("")


@pytest.mark.parametrize(("own", "expected"), [(None, "SkylakeX"), ("Zen", "Zen")])
def test_the_users_own_choice_is_left_alone(
    own: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text(described("AuthenticAMD", " ".join(NEEDED)))
    monkeypatch.setattr(blas_kernels, "CPU_INFO", info)
    monkeypatch.delitem(sys.modules, "numpy")
    monkeypatch.setenv("OPENBLAS_CORETYPE", own or "")
    if own is None:
        monkeypatch.delenv("OPENBLAS_CORETYPE")
    blas_kernels.prefer_wide_kernels()
    assert os.environ["OPENBLAS_CORETYPE"] == expected


def test_a_program_chooses_before_numpy_is_imported() -> None:
    code = "import sys, utils.entry, utils.command_line; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
