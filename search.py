"""Search hyperparameters: python search.py -c config.json -s search.json"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import search_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line and the files, then search."""
    args = search_arguments()
    from logger.compilation import showing_compilation  # only now: --help should not wait for NumPy
    from trainer.search.main import main
    from trainer.search.worker import worker_main

    if args.worker is None:
        with showing_compilation():
            main(args)
    else:
        worker_main(args)


if __name__ == "__main__":
    run_program(main)
