"""Run published experiments again and write a page about them: python -m experiments A"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import experiments_arguments
from utils.entry import run_program


def main() -> None:
    """Run what is missing, then write."""
    args = experiments_arguments()
    from experiments.run import run_reports  # only now: --help should not wait for NumPy

    run_reports(args.reports, args.seeds, args.overrides, args.output)


if __name__ == "__main__":
    run_program(main)
