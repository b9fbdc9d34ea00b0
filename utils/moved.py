"""Programs that moved: the old names say where they went."""

import sys
from typing import NoReturn


def moved(old: str, new: str) -> NoReturn:
    """Print the new command and exit with code 2."""
    print(f"error: {old} is now {new}: python -m {new} {' '.join(sys.argv[1:])}".rstrip(), file=sys.stderr)
    sys.exit(2)
