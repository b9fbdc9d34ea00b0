"""A start that Ctrl-C ends without a traceback: the first import of every program, until `run_program` takes over."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
