"""Watch all runs on a page of this machine: python watch.py saved/"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import watch_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line, then serve the page."""
    args = watch_arguments()
    from tools.watch.serve import watch  # only now: --help should not wait for NumPy

    watch(args.folder, args.port, args.browser)


if __name__ == "__main__":
    run_program(main)
