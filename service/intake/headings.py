"""What sheets and columns are called to a reader of one language (data/headings.py)."""

from data.headings import column_labels, sheet_label
from model.framework import Framework
from model.tables import Table
from service.language import Language


def headers_of(table: Table, framework: Framework, lang: Language) -> dict[str, str]:
    """Column → its header in a language."""
    return {name: lang.show(label) for name, label in column_labels(table.name, framework).items()}


def sheet_of(table: str, framework: Framework, lang: Language) -> str:
    """The name of a table's sheet in a language."""
    return lang.show(sheet_label(table, framework))
