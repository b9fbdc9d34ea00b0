"""A start without a traceback: the first import of every program, until `run_program` takes over.

Pythons that are too old read it as far as the check that says so.
"""

import signal

from utils.interpreter import check_interpreter

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
check_interpreter()
