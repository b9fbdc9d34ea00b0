"""Make a project of one's own: python new_project.py ../my_project"""

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import project_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line, make the folder, say what to do next."""
    args = project_arguments()
    from tools.new_project import make_project

    print(make_project(args.path))


if __name__ == "__main__":
    run_program(main)
