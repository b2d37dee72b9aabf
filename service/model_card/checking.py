"""The card's sections on where predictions miss: by size and district, and for whom (fairness)."""

from service.language import UNKNOWN, Language, mark
from service.model_card.form import Plain, Section, Show, Table, kept_behind, lacking, rows_behind, shown_in

_BY = {"size": mark("Size of the business"), "district": mark("District")}
_OF = {"business": mark("Businesses"), "mentor": mark("Mentors")}
COLUMNS = {
    **_BY,
    "gender": mark("Gender"),
    "birth_year": mark("Year of birth"),
    "disability": mark("Disability"),
}


_GENDERS = {"L": mark("men"), "P": mark("women")}
"""The letters that Indonesian forms have for them."""


def group_word(column: str, group: str | None, lang: Language) -> str:
    """A group as a reader calls it."""
    if not group:
        return UNKNOWN
    return lang.text(_GENDERS[group]) if column == "gender" and group in _GENDERS else group


def calibration(told: Plain, lang: Language) -> Section:
    """What was predicted and what was seen, by size of business and by district."""
    title, found = lang.text("Predicted and seen, by size and district"), told.get("calibration")
    if found is None:
        return Section(title, said=(lacking(lang),))
    show = shown_in(told, lang)
    tables = tuple(_calibrated(name, found[name], show, told, lang) for name in _BY if found.get(name))
    return Section(title, said=(_of_unseen(lang),), tables=tables, place="calibration", how=_reckoned(told, lang))


def _reckoned(told: Plain, lang: Language) -> str:
    said = lang.text(
        "Predicted is the mean of predictions made without the mentor's own fold, seen the mean outcome of the same "
        "engagements; the typical error is the root of the mean squared difference."
    )
    if told.get("rows_kept"):
        return f"{said} " + lang.text(
            "Each figure opens to the rows it is reckoned from; of groups by who somebody is there are sums only, for "
            "nobody's gender, age or disability is listed."
        )
    return f"{said} " + lang.text(
        "This version did not keep the predictions of the folds by engagement; the outcomes are kept, and open."
    )


def _of_unseen(lang: Language) -> str:
    return lang.text(
        "Every figure is of mentors that the prediction had not seen. Held: the share of engagements inside their 90% "
        "range. "
        "A bar of full length is the spread of single engagements."
    )


def _calibrated(by: str, rows: list[Plain], show: Show, told: Plain, lang: Language) -> Table:
    name = lang.text(_BY[by])
    heads = (
        *(name, lang.text("Engagements"), lang.text("Mentors"), lang.text("Predicted")),
        *(lang.text("Seen"), lang.text("Seen − predicted"), lang.text("Held")),
    )
    misses = tuple(_miss(row) for row in rows)
    behind = [rows_behind(told, by=by, group=row["group"]) if row["group"] else "" for row in rows]
    return Table(
        f"{name} ({_unit(told, lang)})",
        heads,
        tuple(
            (
                *(row["group"] or UNKNOWN, lang.number(row["engagements"]), lang.number(row["mentors"])),
                *(show(row["predicted"]), show(row["observed"]), show(miss), lang.percent(row["covered"])),
            )
            for row, miss in zip(rows, misses, strict=True)
        ),
        figures=(1, 2, 3, 4, 5, 6),
        opens=tuple(("", at, at, *((at,) * 4 if told.get("rows_kept") else ("", at, "", ""))) for at in behind),
        pushes=misses,
        reach=told["residual_sd"],
    )


def _miss(row: Plain) -> float | None:
    known = row["observed"] is not None and row["predicted"] is not None
    return row["observed"] - row["predicted"] if known else None


def _unit(told: Plain, lang: Language) -> str:
    return lang.text("percent of turnover") if told["outcome"] == "growth" else str(told["unit"])


def fairness(told: Plain, lang: Language) -> Section:
    """Errors for women and men, by year of birth, disability, district and size; none of it is learned from."""
    title, rows = lang.text("Fairness: for whom predictions miss"), told.get("fairness")
    never = lang.text(
        "Gender, year of birth and disability are never learned from and never reach a prediction; they are used for "
        "this table only. Groups of fewer than 20 engagements are counted, and no more is said of them. By who mentors "
        "are, groups of fewer than three of them stand together with others, or the table is left out."
    )
    if rows is None:
        return Section(title, said=(never, lacking(lang)))
    if not rows:
        return Section(title, said=(never, lang.text("No two groups of any of these are known.")))
    tables = tuple(
        _missed(of, column, [row for row in rows if (row["of"], row["column"]) == (of, column)], told, lang)
        for of, column in dict.fromkeys((row["of"], row["column"]) for row in rows)
    )
    return Section(title, said=(never, _of_unseen(lang)), tables=tables, place="fairness", how=_reckoned(told, lang))


def _behind(of: str, column: str, group: str | None, told: Plain) -> tuple[str, str]:
    """The rows behind a count, and behind an error; sums by who somebody is stand on the rows of the folds."""
    by = column if of == "business" else f"mentor_{column}"
    known = rows_behind if column in {"size", "district"} else kept_behind
    return (known(told, by=by, group=group), kept_behind(told, by=by, group=group)) if group else ("", "")


def _missed(of: str, column: str, rows: list[Plain], told: Plain, lang: Language) -> Table:
    name = lang.text(COLUMNS[column])
    heads = (
        *(name, lang.text("Engagements"), lang.text("Mean of seen − predicted")),
        *(lang.text("Typical error"), lang.text("Held")),
    )
    behind = [_behind(of, column, row["group"], told) for row in rows]
    return Table(
        f"{lang.text(_OF[of])}: {name} ({told['unit']})",
        heads,
        tuple(
            (
                group_word(column, row["group"], lang),
                *(lang.number(row["engagements"]), lang.signed(row["error"], 3)),
                *(lang.number(row["rmse"], 3), lang.percent(row["covered"])),
            )
            for row in rows
        ),
        figures=(1, 2, 3, 4),
        opens=tuple(("", count, *(errors,) * 3) for count, errors in behind),
        pushes=tuple(row["error"] for row in rows),
        reach=told["residual_sd"],
    )
