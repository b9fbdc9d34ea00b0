"""Read harmed checkpoints, configs, IDX files and images: python -m tests.fuzz --count 2000 --seed 1"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz.run import play


def main() -> None:
    """Parse, play, report; exit code 1 where a file ended in anything but success or the clear error."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="how many files")
    parser.add_argument("--seed", type=int, default=1, help="which files")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ends, defects = play(Path(folder), args.count, args.seed)
    for defect in defects:
        print(defect)
    print(", ".join(f"{end}: {count}" for end, count in sorted(ends.items())))
    sys.exit(1 if defects else 0)


if __name__ == "__main__":
    main()
