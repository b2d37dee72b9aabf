"""The card's sections on effects: what training may change, how sure that is, and what it would be by another prior."""

from collections.abc import Sequence

from service.language import Language
from service.model_card.form import Plain, Section, Show, Table, area, lacking, need, ranged, shown_in
from service.words import before_after, evidence


def effects(told: Plain, lang: Language) -> Section:
    """The effect of ten points by area and need, the evidence word first, and what could be behind it."""
    show = shown_in(told, lang)
    return Section(
        lang.text("Effects: what training may change"),
        place="effects",
        how=lang.text(
            "An effect is the mean over the mentors of what five points more bring less what five points fewer take, "
            "from one joint fit of the controls and all scores with errors clustered by mentor, pooled over the areas "
            "by the prior below; its range holds the doubt in coefficients, bend and assessments."
        ),
        caveat=lang.text(
            "Effects say what ten points more in an area should change. They are no contributions: those only say why "
            "a prediction is what it is."
        ),
        said=(
            *filter(None, [before_after(told, lang)]),
            _selection(told, lang),
            _shape(told, lang),
            _noise(told, lang),
        ),
        tables=(_table(_caption(told, lang), told["effects"], told, show, lang), *_forms(told, lang))
        if told["effects"]
        else (),
        points=(
            lang.text(
                "Robustness is the share of the remaining variance of both score and outcome that something unseen "
                "would have to explain to take the effect to nought (Cinelli & Hazlett); below 0.05 costs one step of "
                "evidence."
            ),
            lang.text("Mentors near: mentors within 15 points of the mean score; the evidence counts them."),
        ),
    )


def _caption(told: Plain, lang: Language) -> str:
    if told["outcome"] == "growth":
        return lang.text(
            "What ten points more in an area are estimated to change, over the growth there would be anyway (90% range)"
        )
    said = lang.text("What ten points more in an area are estimated to change (90% range)")
    return f"{said}; {lang.text('unit: %(unit)s', unit=told['unit'])}"


def _table(caption: str, rows: Sequence[Plain], told: Plain, show: Show, lang: Language) -> Table:
    heads = (
        *(lang.text("Area"), lang.text("Businesses"), lang.text("Evidence"), lang.text("Effect of 10 points")),
        *(lang.text("Robustness"), lang.text("Mentors near")),
    )
    return Table(
        caption,
        heads,
        tuple(
            (
                *(area(row["area"], told), need(row, lang), evidence(row, lang), ranged(show, row)),
                *(lang.number(row["robustness"], 2), lang.number(row["mentors_near"])),
            )
            for row in rows
        ),
        figures=(3, 4, 5),
        pushes=tuple(row["mean"] for row in rows),
    )


def _selection(told: Plain, lang: Language) -> str:
    name = lang.text("Do better businesses go to better mentors?")
    if "selection" not in told:
        return f"{name} {lacking(lang)}"
    if told["selection"] is None:
        return f"{name} {lang.text('That cannot be told from these data: too few reports before the start.')}"
    return f"{name} {told['selection']['said']}"


def _shape(told: Plain, lang: Language) -> str:
    shape = told.get("shape")
    if shape is None or "weight" not in shape["tried"][0]:
        return f"{lang.text('Shape of the effects')}: {lacking(lang)}"
    return lang.text(
        "How much less the last points of a score help than the first is not known for sure; every bend (0 is a "
        "straight line) counts by how well it predicts mentors never seen: %(tried)s.",
        tried="; ".join(f"{lang.number(row['bend'], 1)}: {lang.number(row['weight'], 2)}" for row in shape["tried"]),
    )


def _forms(told: Plain, lang: Language) -> tuple[Table, ...]:
    """How likely each area's own form is; nothing for a model that weighed none."""
    own = (told.get("shape") or {}).get("own")
    if not own:
        return ()
    caption = lang.text(
        "Where on the scale points help: probability that each area has a form of its own, %(chance)s; and if so, of "
        "each form",
        chance=lang.number(own["chance"], 2),
    )
    heads = (lang.text("Area"), lang.text("straight"), lang.text("less at the top"), lang.text("a step"))
    kinds = ("straight", "saturating", "step")
    rows = tuple((area(row["area"], told), *(lang.number(row[kind], 2) for kind in kinds)) for row in own["areas"])
    return (Table(caption, heads, rows, figures=(1, 2, 3)),)


def _noise(told: Plain, lang: Language) -> str:
    noise = told["assessment_noise"]
    if noise is None:
        return lang.text("How far an assessment is off is not known; the ranges do not hold it.")
    return lang.text(
        "An assessment is off by %(sd)s points (standard deviation, from %(pairs)s pairs of assessments without a "
        "training between); the effects are cleaned of it and the ranges hold it.",
        sd=lang.number(noise["sd"], 1),
        pairs=noise["pairs"],
    )


def prior(told: Plain, lang: Language) -> Section:
    """Where the prior comes from, and the same effects under others."""
    show, found = shown_in(told, lang), told["prior"]
    others = {(row["prior"], row["area"], row["need"]): row["mean"] for row in found["sensitivity"]}
    names = ("flat", "double", "half")
    heads = (lang.text("flat"), lang.text("double"), lang.text("half"))
    return Section(
        lang.text("What the effects would be under another prior"),
        place="prior",
        how=lang.text("The same fit as above with nothing but the scale of the prior changed, as each column says."),
        said=(
            found["source"],
            lang.text("Scale of the prior for ten points: %(scale)s.", scale=show(found["per_ten_points"])),
        ),
        tables=(
            Table(
                lang.text("Effect of ten points: no prior, one twice as wide, the one used, one half as wide"),
                (lang.text("Area"), lang.text("Businesses"), *heads[:2], lang.text("used"), heads[2]),
                tuple(
                    (
                        *(area(row["area"], told), need(row, lang)),
                        *(show(others.get((name, row["area"], row["need"]))) for name in names[:2]),
                        show(row["mean"]),
                        show(others.get((names[2], row["area"], row["need"]))),
                    )
                    for row in told["effects"]
                ),
                figures=(2, 3, 4, 5),
            ),
        ),
    )


def cross_fitted(told: Plain, lang: Language) -> Section:
    """The same effects estimated a second way, and how far they lie from those above."""
    title, found, show = lang.text("The effects estimated a second way"), told.get("cross_fitted"), shown_in(told, lang)
    if found is None:
        return Section(title, said=(lacking(lang),))
    first = {(row["area"], row["need"]): row["mean"] for row in told["effects"]}
    heads = (lang.text("Area"), lang.text("Businesses"), lang.text("used"), lang.text("second way"))
    return Section(
        title,
        place="cross_fitted",
        how=lang.text(
            "What the controls and their squares foretell of outcome and scores is learned on other mentors (folds by "
            "mentor) and taken out; what is left over is fitted with the same errors by mentor and the same prior as "
            "the effects above. Differences are counted in standard deviations of the posterior of the effects used. "
            "On sample cities this way was off by more than the joint fit, so plans go by the joint fit."
        ),
        said=(found["said"],),
        tables=(
            Table(
                lang.text("Effect of ten points: the one used, the one of the second way, and how far they differ"),
                (*heads, lang.text("Difference"), lang.text("In standard deviations")),
                tuple(
                    (
                        *(area(row["area"], told), need(row, lang), show(first.get((row["area"], row["need"])))),
                        *(show(row["mean"]), show(row["difference"]), lang.signed(row["in_sd"], 2)),
                    )
                    for row in found["effects"]
                ),
                figures=(2, 3, 4, 5),
            ),
        ),
    )


def secondary(told: Plain, lang: Language) -> Section:
    """Effects on the other outcomes that were reported."""
    title, rows = lang.text("Secondary outcomes"), told.get("secondary")
    if rows is None:
        return Section(title, said=(lacking(lang),))
    if not rows:
        return Section(title, said=(lang.text("No other outcome was reported before and after."),))
    said = lang.text(
        "Plans never go by these. The summary index is the mean of the standardised outcomes (Kling, Liebman & Katz); "
        "among several outcomes one can stand out by chance."
    )
    tables = tuple(_outcome(row, told, lang) for row in rows if row["effects"])
    how = lang.text("Reckoned like the effects above, but each outcome by itself and without the pooling prior.")
    counts = tuple(_counts(row, lang) for row in rows)
    return Section(title, said=(said,), tables=tables, points=counts, place="secondary", how=how)


def _outcome(row: Plain, told: Plain, lang: Language) -> Table:
    said = lang.text("effect of ten points (90% range)")
    caption = f"{row['label']}: {said}; {lang.text('unit: %(unit)s', unit=row['unit'])}"
    return _table(caption, row["effects"], told, lambda value: lang.signed(value, 3), lang)


def _counts(row: Plain, lang: Language) -> str:
    said = lang.text(
        "%(label)s: %(engagements)s engagements of %(mentors)s mentors.",
        label=row["label"],
        engagements=row["engagements"],
        mentors=row["mentors"],
    )
    left = "; ".join(f"{lang.number(part['count'])}: {part['reason']}" for part in row["left_out"])
    parts = [said, *([row["said"]] if row.get("said") else [])]
    return " ".join([*parts, *([lang.text("Left out: %(reasons)s.", reasons=left)] if left else [])])
