"""Starting programs on several ranks of this machine."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.running import PROJECT

# Messages over TCP although all ranks are here: for MPICH and its libraries, and for Open MPI.
TCP = {
    "MPIR_CVAR_NOLOCAL": "1", "UCX_TLS": "tcp,self", "UCX_NET_DEVICES": "lo", "FI_PROVIDER": "tcp", "FI_TCP_IFACE": "lo",
    "OMPI_MCA_pml": "ob1", "OMPI_MCA_btl": "self,tcp", "OMPI_MCA_btl_tcp_if_include": "lo",
}  # fmt: skip
ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


@cache
def mpiexec() -> tuple[str, ...]:
    """The launcher beside this Python or on the path, with what it needs to start more ranks than there are cores."""
    beside = Path(sys.executable).with_name("mpiexec")
    found = str(beside) if beside.is_file() else shutil.which("mpiexec")
    assert found, "there is no mpiexec: install the extra mpi-test"
    told = subprocess.run([found, "--version"], capture_output=True, text=True, env=os.environ | ROOT).stdout
    return (found, "--oversubscribe") if "Open MPI" in told else (found,)


def start(ranks: int, *words: str | Path, environment: dict[str, str] | None = None, **options: Any) -> Any:
    """Start `python WORDS` on so many ranks."""
    return subprocess.Popen(
        [*mpiexec(), "-n", str(ranks), sys.executable, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | ROOT | {"PYTHONPATH": str(PROJECT)} | (environment or {}), **options,
    )  # fmt: skip


def train(ranks: int, *words: str | Path, expect: int = 0, environment: dict[str, str] | None = None) -> tuple[str, str]:
    """What `mpiexec -n RANKS python train.py WORDS` prints on stdout and stderr; it must end with this exit code."""
    process = start(ranks, PROJECT / "train.py", *words, environment=environment)
    out, err = process.communicate(timeout=100)
    assert process.returncode == expect, f"exit code {process.returncode}\n{out}\n{err}"
    return out, err
