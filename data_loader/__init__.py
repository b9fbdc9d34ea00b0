"""Data loaders, augmentation, and the order of batches."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
