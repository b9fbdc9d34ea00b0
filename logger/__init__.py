"""Output of runs: console, history, pictures, pages."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
