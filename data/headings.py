"""What sheets and columns are called to a reader: as the office writes them, or as the contract does."""

import re
from collections.abc import Mapping, Sequence

from model.framework import Framework, fold
from model.sentences import Label
from model.tables import TABLES

_LARGE = {"id": "ID", "nib": "NIB", "nik": "NIK", "jp": "JP", "hp": "HP", "kbli": "KBLI"}
_UNIT = re.compile(
    r"\s*\((?:(?:dalam )?(?:rp\.?|idr|rupiah)|orang|org|jam|jp|tahun|poin|0\s*[-–]\s*100|ya/tidak|y/t|l/p|wajib"
    r"|opsional)\)$",
    re.IGNORECASE,
)
"""What a header says in parentheses of how its cells are written; a unit that would change a value is none of these."""


def meant(words: Mapping[str, str], header: str) -> str | None:
    """The column that a header means, its unit in parentheses apart; empty: not used, None: not known.

    ``words``: folded header → column.
    """
    folded = fold(header)
    return words[folded] if folded in words else words.get(fold(_UNIT.sub("", header)))


def column_labels(table: str, framework: Framework) -> dict[str, Label]:
    """Column → its header: the office's first synonym in Indonesian, the contract's name in English."""
    own: dict[str, str] = {}
    for word, column in framework.headers[table].items():
        own.setdefault(column, word)
    return {name: Label(_written(own[name]), name) for name in TABLES[table].names}


def _written(word: str) -> str:
    """A folded header as it is written: its first letter large, and what is always large."""
    written = " ".join(_LARGE.get(part, part) for part in word.split(" "))
    return written[:1].upper() + written[1:]


def sheet_label(table: str, framework: Framework) -> Label:
    """The name of a table's sheet: the office's first word in Indonesian, the contract's name in English."""
    first = next((word for word, target in framework.sheets.items() if target == table), table)
    return Label(first.capitalize(), table)


def joined(labels: Sequence[Label]) -> Label:
    """Several names as one, with commas between them."""
    return Label(", ".join(label.id for label in labels), ", ".join(label.en for label in labels))
