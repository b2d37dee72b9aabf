"""What training answers and the published models, as text on a terminal."""

from collections.abc import Mapping
from typing import Any

from service.language import Language
from service.printing.layout import bullets, paragraph, table
from service.words import before_after, chance, evidence, ranged

Plain = Mapping[str, Any]


def train(answer: Plain, lang: Language) -> str:
    """What was learned, how well it predicts unseen mentors, and the effects."""
    said = lang.text(
        "Model %(name)s, learned from %(engagements)s engagements of %(mentors)s mentors.",
        name=answer["model"],
        engagements=answer["engagements"],
        mentors=answer["mentors"],
    )
    heads = (lang.text("R² on unseen mentors"), lang.text("with mentors' scores"), lang.text("without"))
    rows = [
        (row["learner"], lang.number(row["r2_unseen_mentors"], 3), lang.number(row["r2_without_mentor_traits"], 3))
        for row in answer["validation"]
    ]
    parts = [said, table(heads, rows, right=" rr"), paragraph(answer["verdict"]), *_said(answer, lang)]
    parts += [
        *([paragraph(naive)] if (naive := before_after(answer, lang)) else []),
        _effects(answer, lang),
        *_secondary(answer, lang),
    ]
    parts += [
        lang.text("%(area)s is left out: %(reason)s.", area=_area(row["area"], answer), reason=row["reason"])
        for row in answer["areas_left_out"]
    ]
    left = [f"{lang.number(row['count'])}: {row['reason']}" for row in answer["left_out"]]
    parts += [lang.text("Engagements left out:"), bullets(left)] if left else []
    more = lang.text("The whole of it, with calibration and fairness: model card %(name)s.", name=answer["model"])
    return "\n".join([*parts, lang.text("Limits:"), bullets(answer["limits"]), more])


def _effects(answer: Plain, lang: Language) -> str:
    growth = answer["naive_before_after"] is not None
    rows = []
    for row in answer["effects"]:
        figure = (lang.change) if growth else (lambda value: lang.signed(value, 3))
        with_need = lang.text("with the need") if row["need"] else lang.text("without the need")
        rows.append(
            (
                _area(row["area"], answer),
                with_need,
                evidence(row, lang),
                ranged(figure, row["mean"], row["low"], row["high"]),
            )
        )
    heads = (lang.text("Area"), lang.text("Businesses"), lang.text("Evidence"), lang.text("Effect of 10 points"))
    unit = [] if growth else [lang.text("Unit of the effects: %(unit)s.", unit=answer["unit"])]
    return "\n".join([table(heads, rows), *unit])


def _area(code: str, answer: Plain) -> str:
    return str(answer["areas"].get(code, {}).get("label", code))


def _said(answer: Plain, lang: Language) -> list[str]:
    """What later versions say beside the verdict, where this one does: champion, ranges, selection."""
    said = [answer["champion"]["said"]] if answer.get("champion") else []
    if answer.get("conformal"):
        found = answer["conformal"]
        said.append(
            lang.text(
                "Ranges of predictions are meant to hold in %(nominal)s and held in %(observed)s, on %(mentors)s "
                "mentors never seen.",
                nominal=lang.percent(found["nominal"]),
                observed=lang.percent(found["observed"], 1),
                mentors=found["mentors"],
            )
        )
    said += [answer["selection"]["said"]] if answer.get("selection") else []
    return [paragraph(line) for line in said]


def _secondary(answer: Plain, lang: Language) -> list[str]:
    """One line for each secondary outcome."""
    rows = answer.get("secondary") or ()
    return [f"{lang.text('Secondary outcomes')}:", bullets(_outcome(row, lang) for row in rows)] if rows else []


def _outcome(row: Plain, lang: Language) -> str:
    clear = sum(effect["evidence"] in {"moderate", "strong"} for effect in row["effects"])
    said = lang.text(
        "%(label)s (%(engagements)s engagements): %(clear)s of %(count)s effects moderate or strong",
        label=row["label"],
        engagements=row["engagements"],
        clear=clear,
        count=len(row["effects"]),
    )
    p = row.get("p")
    return said if p is None else f"{said}; p {chance(p, lang)}"


def shown(answer: Plain, lang: Language) -> str:
    """What training answered for a version, and what is recorded of it."""
    kept = answer["published"]
    used = [lang.text("In use from %(moment)s", moment=lang.moment(moment)) for moment in kept["used_at"]]
    said = lang.text(
        "File %(file)s, learned on %(moment)s, SHA-256 %(sha256)s.",
        file=kept["file"],
        moment=lang.moment(kept["created_at"]),
        sha256=kept["sha256"],
    )
    return "\n".join([train(answer, lang), paragraph(said), *([bullets(used)] if used else [])])


def versions(answer: Plain, lang: Language) -> str:
    """A line for each published model, the newest first."""
    rows = [
        (
            *(row["model"], lang.text("in use") if row["current"] else "", lang.moment(row["created_at"])),
            *(
                lang.number(row["data_version"]),
                lang.text("yes") if row["answer"]["supported_gain"] else lang.text("no"),
            ),
            *(lang.number(row["answer"]["r2_unseen_mentors"], 3), row["state"]),
        )
        for row in answer["models"]
    ]
    heads = (
        *(lang.text("Model"), "", lang.text("Learned on"), lang.text("Data version"), lang.text("Supported gain")),
        *(lang.text("R² on unseen mentors"), lang.text("File")),
    )
    return table(heads, rows, right="   r r") if rows else lang.text("No model has been learned yet.")


def rolled_back(answer: Plain, lang: Language) -> str:
    """Which model is in use now, and which was before."""
    return lang.text(
        "%(model)s is in use from %(moment)s; before it was %(former)s.",
        model=answer["model"],
        moment=lang.moment(answer["used_at"]),
        former=answer["former"],
    )


def plotted(answer: Plain, lang: Language) -> str:
    """Which plot of which model was written where."""
    return lang.text("The plot of %(model)s stands in %(file)s.", model=answer["model"], file=answer["file"])


def card(answer: Plain, lang: Language) -> str:
    """The model card as Markdown."""
    from service.model_card import markdown  # noqa: PLC0415 - the card's rooms take longer than --help may

    del lang  # the card is in its language already
    return markdown(answer).rstrip()


_SHOWN = 20
_KEYS = ("engagement_id", "mentor_id", "folds", "engagements", "outcome", "predicted", "low", "high", "error", "inside")


def rows(answer: Plain, lang: Language) -> str:
    """The figures that rows behind a card give, and the first of the rows."""
    flat: list[tuple[str, str]] = []
    for name, value in answer["figures"].items():
        each = value.items() if isinstance(value, Mapping) else [("", value)]
        flat += [(f"{name} {of}".strip(), _figure(one, lang)) for of, one in each]
    columns = [name for name in _KEYS if name in answer["columns"]]
    shown = [[_figure(row[name], lang) for name in columns] for row in answer["rows"][:_SHOWN]]
    said = lang.text(
        "The first %(shown)s of %(count)s rows; --out F.xlsx writes all of them.",
        shown=lang.number(len(shown)),
        count=lang.number(answer["count"]),
    )
    heads = (lang.text("Figure"), lang.text("Value"))
    return "\n".join([table(heads, flat, right=" r"), "", table(columns, shown), paragraph(said)])


def promises(answer: Plain, lang: Language) -> str:
    """The figures that kept predictions give, and the first of these beside what answered them."""
    from service.model_card.promises import figures_told, shown_by, title_of  # noqa: PLC0415 - as above

    shown = []
    for row in answer["rows"][:_SHOWN]:
        show, by = shown_by(row["kind"], lang), row["answered_by"]
        source = f"{lang.text('Plan')} {row['plan']}" if "plan" in row else f"{lang.text('Matching')} {row['match']}"
        said = ranged(show, *(row["predicted"][end] for end in ("mean", "low", "high")))
        seen = "–" if row["inside"] is None else _figure(row["inside"], lang)
        shown.append((source, row["mentor_id"], row["subject"], by or "–", said, show(row["observed"]), seen))
    names = ("Approved in", "Mentor", "Of what", "Answered by", "Predicted", "Seen", "Held")
    first = lang.text(
        "%(title)s; the first %(shown)s of %(count)s rows. --json gives all of them.",
        title=title_of(answer["kind"], lang),
        shown=lang.number(len(shown)),
        count=lang.number(len(answer["rows"])),
    )
    heads = (lang.text("Figure"), lang.text("Value"))
    told = table(heads, figures_told(answer, lang), right=" r")
    return "\n".join([told, "", table([lang.text(name) for name in names], shown), paragraph(first)])


def _figure(value: Any, lang: Language) -> str:
    if isinstance(value, bool):
        return lang.text("yes") if value else lang.text("no")
    if isinstance(value, str):
        return value
    return lang.number(value, 0 if isinstance(value, int) else 4)
