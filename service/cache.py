"""Keeps the answers to the last questions, so that a page asked twice is worked out once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import TypeVar, cast

T = TypeVar("T")


class Cache:
    """At most ``size`` answers, the longest unused one leaving first; one thread works an answer out, others wait."""

    def __init__(self, size: int = 32) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer kept under the key, worked out by ``make`` where there is none."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
            return cast("T", self._kept[key])
