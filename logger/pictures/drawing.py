"""Drawing in one design, whatever the user's matplotlibrc, MPLBACKEND or own code have set."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from logger.pictures.importing import import_matplotlib
from logger.pictures.style import DESIGN

LOG = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


def drawing(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function in the design of all pictures; what matplotlib warns of is for those who look closer."""

    @wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        import_matplotlib()
        import matplotlib

        with warnings.catch_warnings(record=True) as caught, matplotlib.rc_context():
            warnings.simplefilter("always")
            settings: Any = matplotlib.rcParams
            for key, value in [*matplotlib.rcParamsDefault.items(), *DESIGN.items()]:
                if not key.startswith("backend"):
                    settings[key] = value
            result = function(*args, **kwargs)
        for warning in caught:
            LOG.debug("matplotlib: %s", warning.message)
        return result

    return drawn
