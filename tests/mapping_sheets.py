"""Small sheets and mapping texts for the tests of mapping files."""

import pandas as pd

from data.mapping.applying import apply_mapping
from data.reading.sheets import RawSheet

MENTORS = """
[[tables]]
table = "mentors"
[tables.columns]
mentor_id = "id"
name = { constant = "N" }
district = { constant = "D" }
"""
ENGAGEMENTS = """
[[tables]]
table = "engagements"
%s
[tables.columns]
engagement_id = { text = "{id}-{gr}" }
mentor_id = "tch"
business_id = "id"
started_on = { constant = 1985-09-01 }
"""
REPORTS = """
[[tables]]
table = "reports"
%s
"""


def raw(rows, file="data.csv", sheet=None):
    cells = pd.DataFrame(rows, dtype=object)
    cells = cells.where(cells.notna() & (cells != ""), None)
    cells.index += 2
    return RawSheet(file, sheet, cells)


def real(path):
    return raw(pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("list"), path.name)


def rows_of(result, table):
    frames = [raw_table.cells for raw_table in result.tables if raw_table.table == table]
    return pd.concat(frames, ignore_index=True).astype(object).to_dict("records")


def column_of(result, table, column):
    return [row[column] for row in rows_of(result, table)]


def said(result):
    return [(fault.row, fault.column, fault.value, str(fault.message)) for fault in result.faults]


def applied(path, framework, text, *sheets):
    """Apply the mapping ``text``, written to ``path``."""
    path.write_text(text, encoding="utf-8")
    return apply_mapping(list(sheets), path, framework)
