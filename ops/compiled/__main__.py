"""Compile all operations ahead, both types of numbers at the same time: python -m ops.compiled

For one type alone: python -m ops.compiled float32
"""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from ops.compiled import target
from ops.compiled.ahead import compile_all
from ops.compiled.cache import cache_folder

_TYPES = ("float32", "float64")


def main() -> None:
    """Print what was compiled."""
    print(f"compiling operations for {target.description()} into {cache_folder()}", flush=True)
    start = time.perf_counter()
    with ProcessPoolExecutor(len(_TYPES), mp_context=get_context("spawn")) as pool:
        for dtype, (count, seconds) in zip(_TYPES, pool.map(compile_all, _TYPES), strict=True):
            print(f"{dtype}   {count:3} kernels   {seconds:5.1f} s of a core")
    print(f"both      {time.perf_counter() - start:5.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m ops.compiled", description="Compile all operations ahead, and keep them on disk."
    )
    parser.add_argument("dtype", choices=_TYPES, nargs="?", help="one type of numbers alone (default: both)")
    chosen = parser.parse_args().dtype
    if chosen:
        compile_all(chosen)
    else:
        main()
