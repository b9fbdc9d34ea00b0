"""Look at the step after a checkpoint, layer by layer: python -m tools.replay saved/models/NAME/RUN/nonfinite.npz"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import replay_arguments
from utils.entry import run_program


def main() -> None:
    """Parse, replay, print."""
    args = replay_arguments()
    from trainer.checks.replay import replay  # only now: --help should not wait for NumPy

    report, path, step = replay(args.checkpoint)
    print(f"step {step + 1:,} of the run, the first after {path}: {report.text()}")
    first = report.first_not_finite()
    print(f"\nthe first number that is not finite is in {first}" if first else "\nall numbers are finite")


if __name__ == "__main__":
    run_program(main)
