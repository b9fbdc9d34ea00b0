"""The operations that a training step is made of, twice: NumPy defines them, compiled kernels run them fast."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
