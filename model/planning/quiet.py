"""Keeps standard output clean: what a compiled library prints there goes to standard error.

The HiGHS in scipy 1.17 prints a line of its own while it repairs an answer, whatever its options say; on a command that
answers with JSON that line would spoil the answer.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_ONE_AT_A_TIME = threading.RLock()
_OUTPUT, _ERROR = 1, 2


@contextmanager
def output_to_error() -> Iterator[None]:
    """Send file descriptor 1 to 2 while the block runs; without open descriptors the block just runs."""
    with _ONE_AT_A_TIME:
        try:
            kept = os.dup(_OUTPUT)
            os.fstat(_ERROR)
        except OSError:
            yield
            return
        _flush()
        os.dup2(_ERROR, _OUTPUT)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, _OUTPUT)
            os.close(kept)


def _flush() -> None:
    """Empty what Python and the C library still hold for standard output."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stdout.flush()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).fflush(None)
