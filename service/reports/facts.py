"""What reports and records state of the outside world, read from facts.toml with its source and how sure it is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from model.sentences import Label
from service.language import mark

SURE = {
    "verified_primary": mark("verified in the source"),
    "verified_secondary": mark("verified in a second-hand source"),
    "recalled": mark("from memory: check before relying on it"),
}


@dataclass(frozen=True)
class Indicator:
    """An indicator: what it is called, how it is counted, where it comes from."""

    code: str
    label: Label
    how: Label
    source: Label
    sure: str


@dataclass(frozen=True)
class Duty:
    """A duty by law and what Suluh does about it; ``limit``: the time it leaves, where it leaves one."""

    code: str
    duty: Label
    law: str
    article: str
    does: Label
    sure: str
    limit: Label | None
    limit_sure: str


@dataclass(frozen=True)
class Ground:
    """A ground of high risk and whether Suluh meets it."""

    text: Label
    met: bool
    sure: str


@cache
def _facts() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))


def indicators(kind: str = "indicators") -> tuple[Indicator, ...]:
    """The indicators that are counted, or (``missing``) those that the tables cannot give."""
    return tuple(
        Indicator(code, Label(**row["label"]), Label(**row["how"]), Label(**row["source"]), row["sure"])
        for code, row in _facts()[kind].items()
    )


def duties() -> tuple[Duty, ...]:
    """Duties by law."""
    return tuple(
        Duty(
            row["code"],
            Label(**row["duty"]),
            row["law"],
            row["article"],
            Label(**row["does"]),
            row["sure"],
            Label(**row["limit"]) if "limit" in row else None,
            row.get("limit_sure", row["sure"]),
        )
        for row in _facts()["law"]
    )


def grounds() -> tuple[Ground, ...]:
    """Grounds of high risk."""
    return tuple(Ground(Label(**row["text"]), row["met"], row["sure"]) for row in _facts()["ground"])
