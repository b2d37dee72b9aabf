"""Composes the period report: one page of conclusions, tables, method and limits, what it was made from."""

from collections.abc import Mapping
from typing import Any

from service.files.letterhead import Letter
from service.language import Language
from service.model_card.form import Section
from service.reports import tables
from service.reports.facts import SURE, indicators
from service.reports.form import Document
from service.reports.linking import pieces

Told = Mapping[str, Any]


def compose(told: Told, letter: Letter, lang: Language) -> Document:
    """The report in a language; ``told`` as :func:`service.reports.telling.tell` gives it."""
    grids = tables.grids(told, lang)
    return Document(
        kind="period",
        lang=lang.code,
        title=lang.text("Report of the mentoring programme"),
        subtitle=_subtitle(told, lang),
        day=told["as_of"].isoformat(),
        letter=letter,
        about=about(told, lang),
        sections=(
            Section(
                lang.text("Conclusions"),
                points=tuple(lang.say(said) for said in told["conclusions"]),
                pieces=pieces(told, lang),
            ),
            Section(lang.text("Tables"), tables=tuple(grid.table(lang) for grid in grids)),
            _method(lang),
            _limits(told, lang),
        ),
        grids=grids,
        front=1,
    )


def _subtitle(told: Told, lang: Language) -> str:
    days = f"{lang.day(told['first'])} – {lang.day(told['last'])}"
    if told["so_far"]:
        return lang.text("%(days)s, data up to %(day)s", days=days, day=told["as_of"])
    return days


def about(told: Told, lang: Language) -> tuple[tuple[str, str], ...]:
    """What a report was made from."""
    return (
        (lang.text("Data version"), lang.number(told["data_version"])),
        (lang.text("Data seen as they stood on"), lang.day(told["as_of"])),
        (lang.text("Model"), told["model"] or lang.text("none")),
        *([(lang.text("Looking back"), lang.say(told["hindsight"]))] if told["hindsight"] else []),
    )


def _method(lang: Language) -> Section:
    counted = tuple(
        f"{lang.show(row.label)}: {lang.show(row.how)} ({lang.show(row.source)}; {lang.text(SURE[row.sure])})."
        for row in indicators()
    )
    return Section(
        lang.text("Method"),
        said=(
            lang.text(
                "Indicators are of the businesses accompanied on some day of the period, from their monthly reports. "
                "The index is that of the questionnaire about mentors; growth, effects and plans come from the model "
                "named below, whose card says how far it holds."
            ),
        ),
        points=counted,
    )


def _limits(told: Told, lang: Language) -> Section:
    missing = tuple(
        lang.text("%(label)s is not reported: %(how)s.", label=row.label, how=row.how) for row in indicators("missing")
    )
    learned = told["learned"]
    return Section(
        lang.text("Limits"),
        points=(
            lang.text("Turnover is what businesses report; nobody has checked it. It is gross turnover, not profit."),
            lang.text(
                "Change before and after is no effect: prices, season and the choice of whom to accompany are in it."
            ),
            *missing,
            *(lang.show(limit) for limit in (learned["limits"] if learned else ())),
            lang.show(told["review"]["uplift"]),
        ),
    )
