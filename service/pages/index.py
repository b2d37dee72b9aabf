"""The programme index with its companions, by period and by district; every number opens to the rows behind it."""

from collections.abc import Sequence
from typing import Any

from flask import Response, g, request

from model.index.verdict import FEW_RESPONDENTS
from model.refusals import DataMissing
from service import guard
from service.files.safe_csv import safe_csv
from service.guard import needs
from service.language import mark
from service.pages.frame import may, page, pages, plain, programme
from service.pages.listing import part
from service.people.roles import Permission
from service.rendering import refusal
from service.reports.behind import differing
from service.withholding import FEWEST, Told, by_item, share_of

SUMS = ("item_id", "yes_least", "yes_most", "answers")
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
    return page("index.html", index=whole, districts=districts, trend=trend, items=texts, few=FEW_RESPONDENTS)


def _items() -> list[dict[str, Any]]:
    found = programme().table_rows("items")
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


@pages.get("/index/rows")
@needs(Permission.SEE_MENTORS)
def index_rows() -> str:
    """The rows that a figure of the index rests on; sums by item for whoever may not see single respondents."""
    if not guard.reach().respondents:
        return _own_sums()
    rows, kind = _asked()
    shown = part(len(rows))
    limited = getattr(g.get("user"), "limited", False)
    figures, changed = (None, ()) if limited or kind == "incomplete" else _figures()
    given = {"rows": shown.of(rows), "part": shown, "sums": _sums(rows), "kinds": KINDS, "kind": kind}
    return page("index_rows.html", figures=figures, changed=changed, **given)


def _own_sums() -> str:
    """Sums of all answers about the own mentor: those of a period or a kind might be one respondent's."""
    rows = guard.seen(programme().index_rows(by="mentor", group=guard.user().mentor_id or "").to_dict("records"))
    texts = {row["item_id"]: row for row in _items()}
    found, counted = _told(), _sums(rows)
    counts = {name: counted[name] for name in ("rows", "complete")}
    return page("index_sums.html", rows=by_item(found), items=texts, sums=counts | share_of(found), fewest=FEWEST)


def _told() -> Sequence[Told]:
    """What the mentor who asks is told of the answers about the own work."""
    return programme().answer_sums(guard.user().mentor_id or "")


def _sums(rows: list[dict[str, Any]]) -> dict[str, int]:
    counted = {name: sum(row[name] for row in rows) for name in ("complete", "yes", "answers", "errors")}
    return {"rows": len(rows), **counted}


def _figures() -> tuple[dict[str, Any] | None, tuple[tuple[str, str, str], ...]]:
    """The index of the group asked for, and what a published report told otherwise."""
    given, seen, told = _given(), *_seen()
    if "period" in given:
        groups = programme().index_trend(every=given.get("every", "half"), **seen)["groups"]
    else:
        groups = programme().index(by=given.get("by", "program"), **seen)["groups"]
    name = given.get("period") or (given.get("group") if "by" in given else groups[0].group)
    found = next((plain(row) for row in groups if row.group == name), None)
    if told is None or found is None:
        return found, ()
    index = told["index"]
    then = index if "by" not in given else next((row for row in index["districts"] if row["group"] == name), found)
    return found, differing(_written(found), dict(_written(then)))


def _written(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Ks", g.lang.number(row["ks"], 2)),
        ("Kr", g.lang.number(row["kr"], 2)),
        (g.lang.text("Complete rows"), g.lang.number(row["respondents"])),
        (g.lang.text("Delivery: share of yes"), g.lang.percent(row["delivery_rate"], 1)),
    ]


@pages.get("/index/rows.csv")
@needs(Permission.SEE_MENTORS)
def index_rows_csv() -> Response:
    """The same as a file."""
    if not guard.reach().respondents:
        rows = [(one.item, one.least, one.most, one.answers) for one in by_item(_told())]
        return download(safe_csv(SUMS, rows), "index.csv")
    asked, _ = _asked()
    return download(safe_csv(ROWS, [[row[name] for name in ROWS] for row in asked]), "index.csv")


def download(text: str, name: str) -> Response:
    """A CSV file to be kept."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _asked() -> tuple[list[dict[str, Any]], str]:
    """The rows that the address asks for, cut to what the user may see, and their kind."""
    kind = request.args.get("kind", "")
    frame = programme().index_rows(**_given(), **_seen()[0])
    if kind in {"complete", "incomplete"}:
        frame = frame[frame["complete"] == (kind == "complete")]
    return guard.seen(frame.to_dict("records")), kind


def _given() -> dict[str, Any]:
    """The group and period that the address asks for."""
    return {name: request.args[name] for name in ("by", "group", "every", "period") if request.args.get(name)}


def _seen() -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The day and data version to look at: of a published report (and what it told), else the day asked for."""
    report = request.args.get("report")
    if report and may("pages.published_report"):
        made = programme().show_report(report)
        return {"as_of": made["as_of"], "version": made["data_version"]}, made["told"]
    return {"as_of": request.args.get("as_of") or None}, None
