"""Draw what a config's augmentation makes of images: python -m tools.plot_augmentation -c config.json"""

from collections.abc import Sequence

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import sheet_arguments
from utils.entry import run_program


def plot_augmentation(config_path: str, overrides: Sequence[str], given: str | None) -> str:
    """Draw images and their versions into a PNG; returns a line that says what was drawn, and where."""
    from logger.pictures.augmentation import draw_sheet  # only now: --help should not wait for NumPy
    from tools.picture_path import picture_path
    from trainer.inspection.augmentation_examples import examples
    from utils.config.parser import ConfigParser

    config = ConfigParser.from_file(config_path, overrides)
    originals, versions = examples(config)
    name, changes = config.resolved["name"], config.resolved["augmentation"]
    kinds = [change if isinstance(change, str) else change["type"] for change in changes]
    output = picture_path(config, given, "augmentation")
    draw_sheet(originals, versions, f"{name}: {', '.join(kinds)}", output)
    return f"{len(originals)} images, {len(versions)} versions of each; drawn in {output}"


def main() -> None:
    """Parse, augment, draw."""
    args = sheet_arguments()
    print(plot_augmentation(args.config, args.overrides, args.output))


if __name__ == "__main__":
    run_program(main)
