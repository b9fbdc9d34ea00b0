"""Compiled operations for vectors of several lengths, each in a process of its own."""

import os
import subprocess
import sys


def printed_with_vectors_of(program: str, vector_bytes: int) -> str:
    """What a Python program prints when kernels are compiled for vectors of so many bytes."""
    environment = os.environ | {"OPS_VECTOR_BYTES": str(vector_bytes)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
