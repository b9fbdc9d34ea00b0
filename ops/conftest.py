"""Modules that need Numba are passed over where it is missing."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("numba") else ["compiled/*"]
