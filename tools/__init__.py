"""Programs that stand above training: python -m tools.NAME --help."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
