"""Write a checkpoint's network as an ONNX file: python export.py -r best.npz -o model.onnx"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import export_arguments
from utils.entry import run_program


def main() -> None:
    """Parse, load, write."""
    args = export_arguments()
    from trainer.export.export import export  # only now: --help should not wait for NumPy

    export(args.resume, args.output, args.input_shape, args.dtype)


if __name__ == "__main__":
    run_program(main)
