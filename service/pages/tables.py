"""The stored rows themselves, behind every count: a page per table, filtered by the address, and as a file."""

from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import NotFound
from model.sentences import sentence
from model.tables import TABLES
from service import guard
from service.files.safe_csv import safe_csv
from service.guard import needs
from service.intake.headings import headers_of, sheet_of
from service.pages.frame import page, pages, plain, programme
from service.pages.index import download
from service.pages.listing import PER_PAGE, part
from service.people.roles import Permission

EMPTY = "none"
"""What stands in an address for a cell that must be empty."""


@pages.get("/tables/<table>")
@needs(Permission.SEE_BUSINESSES)
def table_rows(table: str) -> str | Response:
    """Rows of a table, page by page; every other argument is a column that must have this value."""
    if _summed(table):
        return redirect(url_for("pages.index_rows"), 302)
    shown = part(_rows(table, slice(0))["count"])
    found = plain(_rows(table, slice(shown.first - 1, shown.first - 1 + PER_PAGE)))
    framework = programme().framework
    return page(
        "table.html",
        table=table,
        title=sheet_of(table, framework, g.lang),
        headings=headers_of(TABLES[table], framework, g.lang),
        found=found,
        areas={code: g.lang.show(area.label) for code, area in framework.areas.items()},
        part=shown,
        where=_where(table),
        asked={name: request.args[name] for name in _where(table)},
    )


@pages.get("/tables/<table>.csv")
@needs(Permission.SEE_BUSINESSES)
def table_csv(table: str) -> Response:
    """All of them as a file that an import reads back."""
    if _summed(table):
        return redirect(url_for("pages.index_rows_csv"), 302)
    found = _rows(table, slice(None))
    return download(safe_csv(found["columns"], found["rows"]), f"{table}.csv")


def _summed(table: str) -> bool:
    """Whether whoever asks sees sums of this table only, which have a page of their own."""
    return table == "responses" and not guard.reach().respondents


def _where(table: str) -> dict[str, str | None]:
    if table not in TABLES:
        raise NotFound(sentence("table"), table)
    asked = {name: value for name, value in request.args.items() if name in TABLES[table].names and value}
    return {name: None if value == EMPTY else value for name, value in asked.items()}


def _rows(table: str, part_: slice) -> dict[str, Any]:
    reach = guard.reach()
    return programme().table_rows(table, where=_where(table), ids=reach.ids, personal=reach.personal, part=part_)
