"""A part of a long list: which rows a page of it shows, by the argument ``page`` of its address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

T = TypeVar("T")
PER_PAGE = 50


@dataclass(frozen=True)
class Part:
    """Page ``number`` of ``count`` (from 1), showing rows ``first`` to ``last`` (from 1) of ``total``."""

    number: int
    count: int
    total: int
    size: int

    @property
    def first(self) -> int:
        """Its first row, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Its last row."""
        return min(self.number * self.size, self.total)

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        """Its rows of all."""
        return rows[self.first - 1 : self.last]


def part(total: int, size: int = PER_PAGE) -> Part:
    """The part that the address asks for; a number that is none or too large is the nearest that there is."""
    count = max(-(-total // size), 1)
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    return Part(min(max(number, 1), count), count, total, size)
