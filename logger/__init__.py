"""What a run shows and leaves: console, history, pictures, pages."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
