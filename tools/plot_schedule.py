"""Draw the learning rate that a config plans: python -m tools.plot_schedule -c config.json"""

from collections.abc import Sequence

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import schedule_arguments
from utils.entry import run_program


def plot_schedule(config_path: str, overrides: Sequence[str], given: str | None) -> str:
    """Draw the plan into a PNG; returns a line that says what was drawn, and where."""
    from logger.pictures.schedule import draw_schedule  # only now: --help should not wait for NumPy
    from tools.picture_path import picture_path
    from trainer.checks.rates import planned_rates
    from utils.config.parser import ConfigParser

    config = ConfigParser.from_file(config_path, overrides)
    plan, resolved = planned_rates(config), config.resolved
    title = f"{resolved['name']}: {resolved['trainer']['epochs']} epochs of {plan.steps_per_epoch} steps"
    output = picture_path(config, given, "schedule")
    draw_schedule(plan.steps, plan.rates, plan.steps_per_epoch, title, output)
    first, highest, last = plan.rates[0], max(plan.rates), plan.rates[-1]
    return f"learning rate: first {first:.3g}, highest {highest:.3g}, last {last:.3g}; drawn in {output}"


def main() -> None:
    """Parse, plan, draw."""
    args = schedule_arguments()
    print(plot_schedule(args.config, args.overrides, args.output))


if __name__ == "__main__":
    run_program(main)
