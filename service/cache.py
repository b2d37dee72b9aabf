"""Keeps the answers to the last questions, so that a page asked twice is worked out once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import TypeVar, cast

T = TypeVar("T")


class Cache:
    """At most ``size`` answers, the longest unused one leaving first.

    One thread works an answer out while others that ask the same wait for it; who asks something else does not wait.
    """

    def __init__(self, size: int = 32) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, tuple[RLock, int]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer kept under the key, worked out by ``make`` where there is none."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("T", self._kept[key])
            turn, waiting = self._making.get(key, (RLock(), 0))
            self._making[key] = (turn, waiting + 1)
        try:
            with turn:
                return self._made(key, make)
        finally:
            self._leave(key)

    def forget(self, key: Hashable) -> None:
        """Keep the answer of this key no longer."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Keep nothing that was made until now."""
        with self._lock:
            self._kept.clear()

    def _made(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                return cast("T", self._kept[key])
        answer = make()
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return answer

    def _leave(self, key: Hashable) -> None:
        with self._lock:
            turn, waiting = self._making[key]
            if waiting == 1:
                del self._making[key]
            else:
                self._making[key] = (turn, waiting - 1)
