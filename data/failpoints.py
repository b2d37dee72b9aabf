"""Named points at which a test may let the process die as by ``kill -9``; harmless unless SULUH_FAILPOINT names one."""

import os
import signal

VARIABLE = "SULUH_FAILPOINT"


def reach(name: str) -> None:
    """Die here if SULUH_FAILPOINT is ``name``: at once, without any clean-up."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
