"""Compare runs: python compare.py RUN RUN ..., or list them: python compare.py saved/"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import compare_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line, find the runs, show them."""
    args = compare_arguments()
    from trainer.compare import compare  # only now: --help should not wait for NumPy

    compare(args.runs, args.sort, args.top, args.output)


if __name__ == "__main__":
    run_program(main)
