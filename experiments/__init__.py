"""Published experiments, run again: `python -m experiments A`."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
