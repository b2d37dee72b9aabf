"""The card's sections on what was learned from, and whether it holds for mentors never seen."""

from model.framework import Area
from model.sentences import sentence
from service.language import Language
from service.model_card.form import (
    Piece,
    Plain,
    Section,
    Table,
    area,
    cut,
    held_of,
    kept_behind,
    lacking,
    rows_behind,
)
from service.words import chance
from training.scoring.standing import label_of


def data(told: Plain, lang: Language) -> Section:
    """Where the rows come from, how many there are, what was left out and why."""
    counted = [_counted(lang.text("Engagements left out"), told, lang)] if told["left_out"] else []
    return Section(
        lang.text("What it learned from"),
        said=(_outcome(told, lang), _controls(told, lang)),
        facts=(
            (lang.text("Engagements learned from"), lang.number(told["engagements"])),
            (lang.text("Mentors: they are the sample"), lang.number(told["mentors"])),
            (lang.text("Data version"), lang.number(told["data_version"])),
            (lang.text("Data seen as they stood on"), lang.day(told["as_of"])),
        ),
        tables=tuple(counted),
        points=tuple(_without(told, lang)),
        opens=(rows_behind(told), rows_behind(told), "", ""),
        place="data",
    )


def _outcome(told: Plain, lang: Language) -> str:
    if told["outcome"] == "growth":
        return lang.text(
            "Outcome: growth of the monthly turnover of a business, mean of up to three reports in the months 6 to 12 "
            "after the start against up to three up to the start. Unit: log points, shown here as percent."
        )
    return lang.text("Outcome: %(outcome)s. Unit: %(unit)s.", outcome=told["outcome"], unit=told["unit"])


def _controls(told: Plain, lang: Language) -> str:
    names = [lang.say(label_of(name, {})) for name in told["controls"]]
    constant = [lang.say(label_of(name, {})) for name in told["controls_constant"]]
    said = lang.text("Held constant when scores are compared: %(names)s.", names="; ".join(names) or "–")
    if constant:
        said += " " + lang.text("The same everywhere, so not used: %(names)s.", names="; ".join(constant))
    return said


def _counted(caption: str, told: Plain, lang: Language) -> Table:
    heads, rows = (lang.text("Reason"), lang.text("Count")), told["left_out"]
    return Table(
        caption,
        heads,
        tuple((row["reason"], lang.number(row["count"])) for row in rows),
        figures=(1,),
        opens=tuple(("", rows_behind(told, left=place)) for place in range(len(rows))),
    )


def _without(told: Plain, lang: Language) -> list[str]:
    left = [
        lang.text("%(area)s is left out: %(reason)s.", area=area(row["area"], told), reason=row["reason"])
        for row in told["areas_left_out"]
    ]
    missing = [
        lang.text(
            "%(area)s: %(count)s engagements without a score, set to the mean of the others.",
            area=area(row["area"], told),
            count=row["count"],
        )
        for row in told["scores_missing"]
    ]
    return left + missing


def support(told: Plain, lang: Language) -> Section:
    """The verdict, the two p-values it rests on, and the learners beside the baselines."""
    word = lang.text("Supported gain.") if told["supported_gain"] else lang.text("No supported gain.")
    return Section(
        lang.text("Does it hold for mentors never seen?"),
        caveat=f"{word} {told['verdict']}",
        said=(
            lang.text(
                "Both p-values are of one relation fixed beforehand, never of the champion below: %(shuffles)s "
                "shuffles of whole score profiles among the mentors, and %(folds)s folds by mentor, one-sided.",
                shuffles=told["shuffles"],
                folds=told["folds"],
            ),
        ),
        facts=(
            (lang.text("p of the shuffles (at most 0.01 asked)"), chance(told["p_shuffle"], lang)),
            (lang.text("p of the folds (at most 0.05 asked)"), chance(told["p_folds"], lang)),
        ),
        tables=(_learners(told, lang),),
        place="support",
        how=lang.text(
            "R² is 1 − the summed squared error of predictions made without the mentor's own fold ÷ the summed squared "
            "distance from the mean. The p of the shuffles is the share of shuffles, and one, that explain at least as "
            "much; the p of the folds is that of a paired test by fold, its variance widened for folds that share "
            "mentors (Nadeau and Bengio)."
        ),
    )


def _learners(told: Plain, lang: Language) -> Table:
    return Table(
        lang.text("R² on unseen mentors: the share of the variance explained, 1 at best; 0 is the mean of all"),
        (lang.text("Learner"), lang.text("with mentors' scores"), lang.text("without")),
        tuple(
            (row["learner"], lang.number(row["r2_unseen_mentors"], 3), lang.number(row["r2_without_mentor_traits"], 3))
            for row in told["validation"]
        ),
        figures=(1, 2),
        opens=tuple(("", at, at) for at in [kept_behind(told, learners="all")] * len(told["validation"])),
    )


def prediction(told: Plain, lang: Language) -> Section:
    """Which learner predicts, why, and how often its ranges hold."""
    said = [
        lang.text(
            "Contributions say why a prediction is what it is; effects say what training should change. Neither stands "
            "for the other."
        )
    ]
    champion, conformal = told.get("champion"), told.get("conformal")
    said.append(champion["said"] if champion else lang.text("Predicts: %(name)s.", name=told["predictor"]))
    errors = (_errors(champion, told, lang),) if champion else ()
    facts = _coverage(conformal, lang) if conformal else ()
    if conformal is None:
        said.append(f"{lang.text('Ranges of predictions')}: {lacking(lang)}")
    unusual = _unusual(told["unusual"], told, lang) if told.get("unusual") else ()
    return Section(
        lang.text("Prediction and its ranges"),
        said=tuple(said),
        facts=facts,
        tables=errors,
        points=tuple("".join(text for text, _ in pieces) for pieces in unusual),
        pieces=unusual,
        place="prediction",
        opens=_measured(conformal, told) if conformal else (),
        how=lang.text(
            "A range is the prediction and the quantiles of the errors for mentors in folds not learned from, each "
            "mentor counting once; that it held is measured on further folds of mentors."
        ),
    )


def _measured(conformal: Plain, told: Plain) -> tuple[str, ...]:
    """The rows behind the facts of :func:`_coverage`; how far a range reaches is no count or mean of rows."""
    means = [kept_behind(told, per="mentor")] if conformal.get("observed_means") is not None else []
    return (kept_behind(told), "", *means, kept_behind(told))


def _unusual(found: Plain, told: Plain, lang: Language) -> tuple[tuple[Piece, ...], ...]:
    """How often an engagement is unusual beside those of other mentors, and by what."""
    own = kept_behind(told, by="unusual", group="yes")
    said = sentence(
        "Unusual beside the engagements of mentors in other folds: %(flagged)s of %(engagements)s. Predictions for "
        "what lies outside the training range say so.",
        flagged=lang.number(found["flagged"]),
        engagements=lang.number(found["engagements"]),
    )
    opens = {"flagged": own if found["flagged"] else "", "engagements": rows_behind(told), "share": own}
    first = cut(said, lambda name, _: opens[name], lang)
    if not found["flagged"]:
        return (first,)
    held = sentence("Ranges held for %(share)s of the unusual ones.", share=lang.percent(found["covered"], 1))
    areas = {code: Area(code, row["label"], row["standard"]) for code, row in told["areas"].items()}
    counts = ((lang.say(label_of(row["feature"], areas)), lang.number(row["count"])) for row in found["features"])
    by = lang.text("Unusual by: %(names)s.", names="; ".join(f"{name} {count}" for name, count in counts))
    return first, cut(held, lambda name, _: opens[name], lang), ((by, ""),)


def _errors(champion: Plain, told: Plain, lang: Language) -> Table:
    names = {"linear": lang.text("linear relation"), "boosted": lang.text("monotone boosted trees of pairs")}
    return Table(
        lang.text("Mean squared error on unseen mentors; unit: %(unit)s, squared", unit=told["unit"]),
        (lang.text("Learner"), lang.text("Error")),
        tuple((names.get(name, name), lang.number(error, 4)) for name, error in champion["errors"].items()),
        figures=(1,),
        opens=tuple(("", kept_behind(told, learners="all")) for _ in champion["errors"]),
    )


def _coverage(conformal: Plain, lang: Language) -> tuple[tuple[str, str], ...]:
    return (
        (
            lang.text("Ranges promised to hold, and that held on unseen mentors"),
            held_of(conformal, lang),
        ),
        (
            lang.text("A range reaches from the prediction"),
            f"{lang.signed(conformal['low'], 2)} … {lang.signed(conformal['high'], 2)}",
        ),
        *(
            [(lang.text("The same for a mentor's mean"), lang.percent(conformal["observed_means"], 1))]
            if conformal.get("observed_means") is not None
            else []
        ),
        (lang.text("Mentors it was measured on"), lang.number(conformal["mentors"])),
    )
