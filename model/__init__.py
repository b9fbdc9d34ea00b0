"""Networks and what they are made of; each folder is a family whose modules are found by name from the config."""

import numpy_template  # noqa: F401 (refuses modules that hide a folder of the project)
