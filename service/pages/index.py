"""The programme index with its companions, by period and by district; every number opens to the rows behind it."""

from typing import Any

from flask import Response, g, request

from model.refusals import DataMissing
from service import guard
from service.files.safe_csv import safe_csv
from service.guard import needs
from service.language import mark
from service.pages.frame import page, pages, plain, programme
from service.pages.listing import part
from service.people.roles import Permission
from service.rendering import refusal

ROWS = ("respondent_id", "mentor_id", "yes", "answers", "complete", "errors")
KINDS = {"": mark("all rows"), "complete": mark("complete rows"), "incomplete": mark("rows that lack an answer")}


@pages.get("/index")
@needs(Permission.SEE_PROGRAMME)
def index() -> str:
    """The index, its companions, its items, its trend and the districts."""
    asked, every = programme(), request.args.get("every", "half")
    try:
        whole = plain(asked.index())["groups"][0]
        districts = plain(asked.index(by="district"))["groups"]
        trend = plain(asked.index_trend(every=every))
    except DataMissing as fault:
        return page("index.html", index=None, missing=refusal(fault, g.lang)["error"])
    texts = {row["item_id"]: row for row in _items()}
    return page("index.html", index=whole, districts=districts, trend=trend, items=texts)


def _items() -> list[dict[str, Any]]:
    found = programme().table_rows("items")
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


@pages.get("/index/rows")
@needs(Permission.SEE_MENTORS)
def index_rows() -> str:
    """The rows that a figure of the index rests on."""
    rows, kind = _asked()
    shown = part(len(rows))
    sums = {
        "rows": len(rows),
        "complete": sum(row["complete"] for row in rows),
        **{name: sum(row[name] for row in rows) for name in ("yes", "answers", "errors")},
    }
    return page("index_rows.html", rows=shown.of(rows), part=shown, sums=sums, kinds=KINDS, kind=kind)


@pages.get("/index/rows.csv")
@needs(Permission.SEE_MENTORS)
def index_rows_csv() -> Response:
    """The same as a file."""
    rows, _ = _asked()
    return download(safe_csv(ROWS, [[row[name] for name in ROWS] for row in rows]), "index.csv")


def download(text: str, name: str) -> Response:
    """A CSV file to be kept."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _asked() -> tuple[list[dict[str, Any]], str]:
    """The rows that the address asks for, cut to what the user may see, and their kind."""
    given = {name: request.args[name] for name in ("by", "group", "every", "period") if request.args.get(name)}
    kind = request.args.get("kind", "")
    frame = programme().index_rows(**given)
    if kind in {"complete", "incomplete"}:
        frame = frame[frame["complete"] == (kind == "complete")]
    return guard.seen(frame.to_dict("records")), kind
