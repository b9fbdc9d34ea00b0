"""The abstract classes, and what they are stated in."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
