"""Starting programs on several ranks of this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.running import PROJECT

_BESIDE = Path(sys.executable).with_name("mpiexec")
MPIEXEC = str(_BESIDE) if _BESIDE.is_file() else shutil.which("mpiexec") or "mpiexec"
ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(PROJECT), "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
}  # fmt: skip


def _is_open_mpi() -> bool:
    try:
        told = subprocess.run([MPIEXEC, "--version"], capture_output=True, text=True, env=ENVIRONMENT).stdout
    except OSError:  # none is installed, and no test of MPI is run
        return False
    return "Open MPI" in told


OPEN_MPI = _is_open_mpi()
RANK = "OMPI_COMM_WORLD_RANK" if OPEN_MPI else "PMI_RANK"  # the variable that holds a process's number
TCP = {  # messages over TCP although all ranks are here: for MPICH, and for Open MPI
    "MPIR_CVAR_NOLOCAL": "1", "MPIR_CVAR_CH4_NETMOD": "ofi", "FI_PROVIDER": "tcp", "FI_TCP_IFACE": "lo",
    "OMPI_MCA_pml": "ob1", "OMPI_MCA_btl": "self,tcp", "OMPI_MCA_btl_tcp_if_include": "lo",
}  # fmt: skip


def start(ranks: int, *words: str | Path, environment: dict[str, str] | None = None, **options: Any) -> Any:
    """Start `python WORDS` on so many ranks, which may be more than there are cores."""
    launcher = [MPIEXEC, "--oversubscribe"] if OPEN_MPI else [MPIEXEC]
    return subprocess.Popen(
        [*launcher, "-n", str(ranks), sys.executable, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=ENVIRONMENT | (environment or {}), **options,
    )  # fmt: skip


def train(ranks: int, *words: str | Path, expect: int = 0) -> tuple[str, str]:
    """What `mpiexec -n RANKS python train.py WORDS` prints on stdout and stderr; it must end with this exit code."""
    process = start(ranks, PROJECT / "train.py", *words)
    out, err = process.communicate(timeout=100)
    assert process.returncode == expect, f"exit code {process.returncode}\n{out}\n{err}"
    return out, err
