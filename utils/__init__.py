"""Configs, the command line, files, and how a program ends."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
