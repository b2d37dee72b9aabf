"""The tables of a period report, as grids that keep their figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from service import words
from service.language import Language
from service.reports import desk, facts, linking
from service.reports.form import SHOWN, Cell, Column, Grid

Told = Mapping[str, Any]
_KINDS = {
    "turnover_growth": "change",
    "turnover_median": "change",
    "new_jobs": "signed",
    "cashbook": "share",
    "reporting": "share",
}


def grids(told: Told, lang: Language) -> tuple[Grid, ...]:
    """All tables that have a row."""
    made = (
        _activity(told, lang),
        _measured(told, lang),
        _groups(told, "district", lang.text("District"), lang.text("By district"), lang),
        _groups(told, "sector", lang.text("Sector"), lang.text("By sector"), lang),
        _funnel(told, lang),
        _standards(told, lang),
        _courses(told, lang),
        _index(told, lang),
        _effects(told, lang),
        _plans(told, lang),
        desk.table(told, lang),
    )
    return tuple(grid for grid in made if grid.rows)


def _columns(heads: Sequence[str], kind: str) -> tuple[Column, ...]:
    return (Column(heads[0]), *(Column(head, kind) for head in heads[1:]))


def _two(told: Told, lang: Language) -> list[str]:
    """Heads of a table that compares the period with the one before."""
    earlier = told["before"]
    return [lang.text("Indicator"), told["period"], *([earlier["period"]] if earlier else [])]


def _row(told: Told, label: str, name: str) -> tuple[Any, ...]:
    kind = _KINDS.get(name, "count")
    sides = ((told["indicators"], {}), *([(told["before"], {"earlier": "yes"})] if told["before"] else []))
    return (label, *(Cell(side[name], kind, linking.businesses(told, **more)) for side, more in sides))


def shown_indicators(indicators: Told, lang: Language) -> list[tuple[str, str]]:
    """Every indicator of a group of businesses, its name and how it is written."""
    median = {"turnover_median": lang.text("Turnover growth of the median business")}
    names = {**_activity_names(lang), **median, **{row.code: lang.show(row.label) for row in facts.indicators()}}
    known = {name: label for name, label in names.items() if name in indicators}
    return [(label, SHOWN[_KINDS.get(name, "count")](lang, indicators[name])) for name, label in known.items()]


def shown_funnel(funnel: Told, lang: Language) -> list[tuple[str, str]]:
    """Every step of the funnel, its name and how many businesses came so far."""
    return [(label, lang.number(funnel[name])) for name, label in _funnel_names(lang).items()]


def as_published(
    told: Told | None, lang: Language, *, of: str = "accompanied", by: str = "", group: str = "", earlier: bool = False
) -> dict[str, str]:
    """The indicators or steps that a published report told of these businesses, by name, written as they were."""
    if told is None:
        return {}
    if of == "never":
        kept = {"turnover_of": told["others"]["businesses"], "turnover_growth": told["others"]["turnover_growth"]}
    elif of == "all":
        return dict(shown_funnel(told["funnel"], lang))
    elif by:
        kept = next((row for row in told[f"{by}s"] if row["group"] == group), {})
    else:
        kept = (told["before"] if earlier else told["indicators"]) or {}
    return dict(shown_indicators(kept, lang))


def _activity_names(lang: Language) -> dict[str, str]:
    return {
        "mentors": lang.text("Mentors who accompanied"),
        "businesses": lang.text("Businesses accompanied"),
        "started": lang.text("Engagements begun"),
        "ended": lang.text("Engagements ended"),
        "turnover_of": lang.text("Businesses whose turnover can be compared"),
        "reports_due": lang.text("Monthly reports due"),
    }


def _activity(told: Told, lang: Language) -> Grid:
    rows = tuple(_row(told, label, name) for name, label in _activity_names(lang).items())
    caption = lang.text("What was done")
    return Grid(lang.text("Activity"), caption, _columns(_two(told, lang), "count"), rows)


def _measured(told: Told, lang: Language) -> Grid:
    rows = [_row(told, lang.show(row.label), row.code) for row in facts.indicators()]
    grown = (told["others"]["turnover_growth"], *([told["before"]["others_growth"]] if told["before"] else []))
    beside = lang.text("Turnover growth of businesses never accompanied")
    sides = (linking.businesses(told, of="never"), linking.businesses(told, of="never", earlier="yes"))
    cells = (Cell(growth, "change", opens) for growth, opens in zip(grown, sides, strict=False))
    rows.insert(1, (beside, *cells))
    return Grid(lang.text("Indicators"), lang.text("Results"), _columns(_two(told, lang), "count"), tuple(rows))


def _groups(told: Told, by: str, name: str, caption: str, lang: Language) -> Grid:
    columns = (
        Column(name),
        Column(lang.text("Businesses"), "count"),
        Column(lang.text("Mentors"), "count"),
        Column(lang.text("Turnover growth"), "change"),
        Column(lang.text("Workers"), "signed"),
        Column(lang.text("Cash book"), "share"),
        Column(lang.text("New NIB"), "count"),
        Column(lang.text("Credit"), "count"),
        Column(lang.text("New partner"), "count"),
        Column(lang.text("Reports"), "share"),
    )
    shown = (
        *("businesses", "mentors", "turnover_growth", "new_jobs", "cashbook"),
        *("legality_gain", "finance_access", "partnership_gain", "reporting"),
    )
    rows = tuple(
        (
            Cell(_named(row), columns[0].kind, ""),
            *(
                Cell(row[one], column.kind, linking.businesses(told, by=by, group=row["group"]))
                for one, column in zip(shown, columns[1:], strict=True)
            ),
        )
        for row in told[f"{by}s"]
    )
    return Grid(caption, caption, columns, rows)


def _named(row: Told) -> Any:
    """What a group is called; by its code in reports of earlier versions."""
    return row.get("label") or row["group"]


def _funnel_names(lang: Language) -> dict[str, str]:
    return {
        "registered": lang.text("Businesses registered"),
        "accompanied_ever": lang.text("Accompanied at any time"),
        "accompanied": lang.text("Accompanied in the period"),
        "with_nib": lang.text("With NIB"),
        "with_cashbook": lang.text("With a cash book"),
        "with_credit": lang.text("With credit"),
        "with_partner": lang.text("With a partner"),
    }


def _funnel(told: Told, lang: Language) -> Grid:
    opens = linking.businesses(told, of="all")
    rows = tuple((label, Cell(told["funnel"][name], "count", opens)) for name, label in _funnel_names(lang).items())
    heads = (lang.text("Step"), lang.text("Businesses"))
    return Grid(lang.text("Funnel"), lang.text("How far businesses have come"), _columns(heads, "count"), rows)


def _courses(told: Told, lang: Language) -> Grid:
    """Who was trained; reports published by earlier versions did not tell it by course."""
    rows = []
    for row in told.get("courses", ()):
        opens = linking.behind(told, "trainings", group=row["course_id"])
        counts = (Cell(row[name], "count", opens) for name in ("completed", "mentors"))
        rows.append((row["title"], *counts))
    heads = (lang.text("Course"), lang.text("Trainings completed"), lang.text("Mentors"))
    caption = lang.text("Trainings completed in the period, by course")
    return Grid(lang.text("Trainings"), caption, _columns(heads, "count"), tuple(rows))


def _standards(told: Told, lang: Language) -> Grid:
    columns = (
        Column(lang.text("Area")),
        Column(lang.text("Standard"), "count"),
        Column(lang.text("Mentors assessed"), "count"),
        Column(lang.text("Mean score"), "points"),
        Column(lang.text("Below the standard"), "count"),
        Column(lang.text("Share below"), "share"),
    )
    rows = tuple(
        (
            row["label"],
            *(
                Cell(row[name], column.kind, linking.behind(told, "scores", group=row["area"]))
                for name, column in zip(
                    ("standard", "mentors", "mean", "below", "share_below"), columns[1:], strict=True
                )
            ),
        )
        for row in told["standards"]
    )
    return Grid(lang.text("Scores"), lang.text("Mentors' newest scores against the standard"), columns, rows)


def _index(told: Told, lang: Language) -> Grid:
    columns = (
        Column(lang.text("District")),
        Column(lang.text("Rows of answers"), "count"),
        Column("Ks", "decimal"),
        Column("Kr", "decimal"),
        Column(lang.text("Verdict")),
        Column(lang.text("Delivery: share of yes"), "share"),
    )
    index = told["index"]
    if index is None:
        return Grid("", "", columns, ())
    rows = tuple(
        (
            name,
            Cell(row["respondents"], "count", linking.answers(told, **group, kind="complete")),
            Cell(row["ks"], "decimal", linking.answers(told, **group, kind="complete")),
            Cell(row["kr"], "decimal", linking.answers(told, **group, kind="complete")),
            row["verdict"],
            Cell(row["delivery_rate"], "share", linking.answers(told, **group)),
        )
        for name, group, row in (
            (lang.text("Whole programme"), {}, index),
            *((row["group"], {"by": "district", "group": row["group"]}, row) for row in index["districts"]),
        )
    )
    caption = lang.text("Index of the answers; districts stand by name, not by rank")
    return Grid(lang.text("Index"), caption, columns, rows)


def _effects(told: Told, lang: Language) -> Grid:
    learned = told["learned"]
    kind = "logs"
    columns = (
        Column(lang.text("Area")),
        Column(lang.text("Businesses")),
        Column(lang.text("Evidence")),
        Column(lang.text("Effect of 10 points"), kind),
        Column(lang.text("low"), kind),
        Column(lang.text("high"), kind),
    )
    rows = tuple(
        (
            learned["areas"][row["area"]]["label"] if row["area"] in learned["areas"] else row["area"],
            lang.text("with the need") if row["need"] else lang.text("without the need"),
            words.evidence(row, lang),
            *(Cell(row[name], kind, linking.card(told, "effects")) for name in ("mean", "low", "high")),
        )
        for row in (learned["effects"] if learned else ())
    )
    own = learned["unit"] if learned and learned["outcome"] != "growth" else None
    unit = str(own) if own else lang.text("log points")
    caption = lang.text("What ten points more in an area are estimated to change (90%% range; %(unit)s)", unit=unit)
    return Grid(lang.text("Effects"), caption, columns, rows)


def _plans(told: Told, lang: Language) -> Grid:
    columns = (
        Column(lang.text("Plan"), "count"),
        Column(lang.text("Approved on")),
        Column(lang.text("Approved as")),
        Column(lang.text("Basis")),
        Column(lang.text("Places"), "count"),
        Column(lang.text("In an earlier plan too"), "count"),
        Column(lang.text("Budget"), "rupiah"),
        Column(lang.text("Cost"), "rupiah"),
    )
    rows = tuple(
        (
            Cell(row["plan"], "count", linking.plan(row["plan"])),
            lang.day(row["approved_at"]),
            words.role(row["role"], lang),
            lang.text(words.BASES[row["basis"]]),
            *(Cell(row.get(name, 0), "count", linking.plan(row["plan"], "choices")) for name in ("places", "repeated")),
            Cell(row["budget_idr"], "rupiah", linking.plan(row["plan"])),
            Cell(row["cost_idr"], "rupiah", linking.plan(row["plan"])),
        )
        for row in told["plans"]
    )
    return Grid(lang.text("Plans"), lang.text("Training plans approved in the period"), columns, rows)
