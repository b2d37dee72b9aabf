"""Answers that take seconds: worked out beside the pages by one thread, and shown when they are there.

A page asks :func:`worked_out`; where the answer is not there yet, it shows ``waiting.html``, which looks again by
itself, with a script or without one. Nothing asked in this way stores anything.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from typing import Any

from flask import current_app

from service.guard import programme

SOON = 0.25
"""Seconds a page waits for an answer before it says that it is being worked out."""
MOST = 16
"""Answers kept or being worked out; the oldest leaves first."""


class Pending:
    """Questions being worked out, one after another, and the answers of the last ones."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "pending")
        self._asked: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The answer, or what it was refused with; None while it is being worked out."""
        with self._lock:
            if key not in self._asked:
                self._asked[key] = self._thread.submit(make)
            self._asked.move_to_end(key)
            asked = self._asked[key]
            while len(self._asked) > MOST:
                self._asked.popitem(last=False)[1].cancel()
        try:
            return asked.result(SOON)
        except NotYet:
            return None
        except CancelledError:  # left the queue for newer questions: whoever looks again asks anew
            self._forget(key)
            return None
        except Exception:
            self._forget(key)
            raise

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._asked.pop(key, None)


def worked_out(name: str, given: dict[str, Any], make: Callable[[], Any]) -> Any:
    """The answer to a question about the data and model of now; None while it is being worked out.

    Args:
        name: of the question.
        given: its options.
        make: works it out, outside of the request.
    """
    asked, options = programme(), sorted((key, str(value)) for key, value in given.items())
    seen = asked.snapshot()
    pending: Pending = current_app.extensions.setdefault("pending", Pending())
    return pending.get((name, *options, seen.version, seen.as_of, asked.shelf().name), make)
