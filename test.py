"""Score a checkpoint on the test data: python test.py -r best.npz"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import score_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line, then score the checkpoint."""
    args = score_arguments()
    from logger.compilation import showing_compilation  # only now: --help should not wait for NumPy
    from trainer.prediction.score_ensemble import score_all

    with showing_compilation(args.verbosity > 0):
        score_all(args.config, args.resume, args.overrides, args.tsne, args.verbosity)


if __name__ == "__main__":
    run_program(main)
