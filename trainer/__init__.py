"""Training: the loop, the work divided over threads, checkpoints, and the families of optimizers and schedulers."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
