"""The card's section on past promises: what approved plans and matchings predicted beside what was seen since."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from model.sentences import Sentence, sentence
from service.language import Language, mark
from service.model_card.form import Plain, Section, Show, Table, cut

KINDS = {
    "growth": mark("Growth of engagements"),
    "pair": mark("Growth of advised pairs"),
    "score": mark("Change of scores, points"),
    "outcome": mark("Outcome of engagements"),
    "pair outcome": mark("Outcome of advised pairs"),
}
_ALWAYS = ("growth", "pair", "score")
MADE = {"own": mark("Made with this model"), "every": mark("Made with any model, or none")}


def held(told: Plain, lang: Language, model: str) -> Section:
    """How the promises made with this version held, and all of them; dated, for it is not of the day of learning.

    Args:
        told: what ``Programme.promises_held`` answers, rendered.
        lang: of the card.
        model: name of the version.
    """
    dated = lang.text(
        "As of %(day)s, data version %(version)s. Unlike the rest of this card, this part is not from the day the "
        "model was learned: it sets what approved plans and matchings predicted beside what was seen since.",
        day=lang.day(told["as_of"]),
        version=lang.number(told["data_version"]),
    )
    counted = [(_counted(lang.text(title), told[name], lang), _rows(model, made=name)) for name, title in MADE.items()]
    return Section(
        lang.text("How past promises held"),
        place="promises",
        how=lang.text(
            "Every prediction kept at an approval is set beside what the tables show since; the commands review and "
            "model promises list each of them."
        ),
        said=(dated, *(lang.say(said) for said, _ in counted)),
        said_pieces=(((dated, ""),), *(cut(said, partial(_open, at), lang) for said, at in counted)),
        tables=tuple(
            _table(lang.text(title), told[name], lang, partial(_rows, model, made=name))
            for name, title in MADE.items()
            if _seen(told[name])
        ),
        points=(told["uplift"],),
    )


def _seen(kinds: Plain) -> int:
    return sum(row["observed"] for row in kinds.values())


def _rows(model: str, **of: str) -> str:
    """The page of the predictions: all that were made with the version or with any (``made``), or those of a kind."""
    return f"pages.promise_rows?{urlencode({'name': model, **of})}"


def _open(at: str, value: str, _: str) -> str:
    return "" if value == "made" else at


def _counted(made: str, kinds: Plain, lang: Language) -> Sentence:
    predicted, seen = sum(row["predictions"] for row in kinds.values()), _seen(kinds)
    if not predicted:
        return sentence("%(made)s: nothing to compare yet, for no prediction is kept.", made=made)
    if not seen:
        return sentence(
            "%(made)s: nothing to compare yet. Predictions kept: %(predicted)s; none can be observed yet.",
            made=made,
            predicted=lang.number(predicted),
        )
    inside = sum(row["observed"] * row["coverage_90"] for row in kinds.values() if row["observed"])
    return sentence(
        "%(made)s: predictions kept: %(predicted)s; seen since: %(seen)s; of these inside their 90%% range: %(inside)s "
        "(%(share)s; about 90%% is promised).",
        made=made,
        predicted=lang.number(predicted),
        seen=lang.number(seen),
        inside=lang.number(round(inside)),
        share=lang.percent(inside / seen),
    )


def _table(made: str, kinds: Plain, lang: Language, rows: Callable[..., str]) -> Table:
    shown = [kind for kind in KINDS if kind in _ALWAYS or kinds[kind]["predictions"]]
    return Table(
        made,
        (
            *("", lang.text("Predictions"), lang.text("Seen"), lang.text("Held")),
            lang.text("Mean of seen − predicted"),
        ),
        tuple(
            (
                *(lang.text(title), lang.number(kinds[kind]["predictions"]), lang.number(kinds[kind]["observed"])),
                *(lang.percent(kinds[kind]["coverage_90"]), shown_by(kind, lang)(kinds[kind]["bias"])),
            )
            for kind, title in ((kind, KINDS[kind]) for kind in shown)
        ),
        figures=(1, 2, 3, 4),
        opens=tuple(("", *(rows(kind=kind),) * 4) for kind in shown),
    )


def figures_told(found: Plain, lang: Language) -> tuple[tuple[str, str], ...]:
    """Names and texts of the figures that kept predictions give, written as the card writes them.

    ``found``: what ``Programme.model_promises`` answers, rendered.
    """
    figures = found["figures"]
    bias = [(lang.text("Mean of seen − predicted"), shown_by(found["kind"], lang)(figures["bias"]))]
    return (
        (lang.text("Predictions"), lang.number(figures["predictions"])),
        (lang.text("Seen"), lang.number(figures["observed"])),
        (lang.text("Inside their range"), lang.number(figures["inside"])),
        (lang.text("Held"), lang.percent(figures["coverage_90"])),
        *(bias if found["kind"] else []),
    )


def title_of(kind: str, lang: Language) -> str:
    """What a kind of prediction is called; without one, all of them."""
    return lang.text(KINDS[kind]) if kind else lang.text("Every kind of prediction")


def shown_by(kind: str, lang: Language) -> Show:
    """How values of a kind of prediction are written."""
    return lang.change if kind in {"growth", "pair"} else _points(lang)


def _points(lang: Language) -> Show:
    return lambda value: lang.signed(value, 2)
