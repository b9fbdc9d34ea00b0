"""Make the page of a run again from its files: python -m tools.report saved/models/NAME/RUN"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import report_arguments
from utils.entry import run_program


def main() -> None:
    """Parse, find the run, write."""
    args = report_arguments()
    from base.errors import UserError
    from trainer.checkpoints.find_runs import find_runs  # only now: --help should not wait for NumPy
    from trainer.remake import remake_report

    runs, _ = find_runs([args.run])
    if len(runs) > 1:
        raise UserError(f"{args.run}: holds {len(runs)} runs; give the folder of one of them")
    print(remake_report(runs[0]))


if __name__ == "__main__":
    run_program(main)
