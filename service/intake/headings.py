"""What sheets and columns are called to a reader: as the office writes them, or as the contract does."""

from model.framework import Framework
from model.tables import Table
from service.language import Language

_LARGE = {"id": "ID", "nib": "NIB", "nik": "NIK", "jp": "JP", "hp": "HP", "kbli": "KBLI"}


def headers_of(table: Table, framework: Framework, lang: Language) -> dict[str, str]:
    """Column → its header in a language: the office's first synonym in Indonesian, the contract's name in English."""
    own: dict[str, str] = {}
    for word, column in framework.headers[table.name].items():
        own.setdefault(column, word)
    return {name: _heading(own[name]) if lang.code == "id" else name for name in table.names}


def _heading(word: str) -> str:
    """A folded header as it is written: its first letter large, and what is always large."""
    written = " ".join(_LARGE.get(part, part) for part in word.split(" "))
    return written[:1].upper() + written[1:]


def sheet_of(table: str, framework: Framework, lang: Language) -> str:
    """The name of a table's sheet in a language."""
    first = next((word for word, target in framework.sheets.items() if target == table), table)
    return first.capitalize() if lang.code == "id" else table
