"""Predict samples without labels by a trained network: python predict.py -r best.npz images/"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import predict_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line, then predict the samples."""
    args = predict_arguments()
    from logger.compilation import showing_compilation  # only now: --help should not wait for NumPy
    from trainer.prediction.main import predict

    with showing_compilation(args.verbosity > 0):
        predict(args.resume, args.inputs, args.output, args.verbosity)


if __name__ == "__main__":
    run_program(main)
