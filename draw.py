"""Draw on a page and watch a trained network: python draw.py -r draw.npz"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import draw_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line, then serve the page or write it."""
    args = draw_arguments()
    from trainer.drawing.main import serve_page, write_page  # only now: --help should not wait for NumPy

    if args.output is None:
        serve_page(args.resume, args.port, args.browser)
    else:
        write_page(args.resume, args.output)


if __name__ == "__main__":
    run_program(main)
