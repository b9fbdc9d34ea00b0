"""The path of a picture of a config that no run has drawn."""

from pathlib import Path

from utils.config.parser import ConfigParser
from utils.files import make_folder


def picture_path(config: ConfigParser, given: str | None, name: str) -> Path:
    """The path that was given, or one beside the logs of the config's runs, in a folder that is made if need be.

    Raises WriteError.
    """
    if given:
        return Path(given)
    folder = config.save_dir / "log" / str(config.resolved["name"])
    make_folder(folder)
    return folder / f"{name}.png"
