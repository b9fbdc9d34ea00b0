"""Optuna, where it is installed."""

import importlib.util
import warnings

from base.errors import UserError

NEEDED = {"optuna": "search", "psycopg": "search-postgresql"}


def require(module: str) -> None:
    """Raise UserError with the command to install a module that is missing."""
    if importlib.util.find_spec(module) is None:
        raise UserError(f'search.py needs {module}, which is not installed: pip install -e ".[{NEEDED[module]}]"')


def quiet_optuna() -> None:
    """Let Optuna say nothing: trials have logs of their own, and heartbeats have been "experimental" since 2021."""
    require("optuna")
    import optuna

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
