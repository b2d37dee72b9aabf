"""Sections of the records: each says one thing about the installation, in a language."""

from collections.abc import Mapping, Sequence
from typing import Any

from model.sentences import Label
from service import words
from service.language import UNKNOWN, Language, mark
from service.model_card.checking import COLUMNS, group_word
from service.model_card.form import Section
from service.people.roles import ROLE_WORDS, Role
from service.reports import facts
from service.reports.form import Column, Grid

Told = Mapping[str, Any]

RISKS = (
    (
        mark("A mentor is judged by an estimate that is wrong."),
        mark("Every figure has a range and an evidence word; where scores explain nothing, plans go by the standard."),
    ),
    (
        mark("Predictions miss more for some groups than for others."),
        mark("Gender, age and disability are never learned from; the model card tells errors by group."),
    ),
    (
        mark("Advice is taken for a decision."),
        mark(
            "Nothing is accepted by itself: a named person accepts, changes or refuses a choice, the latter two with a "
            "reason; what is not decided on singly is accepted by whoever approves the whole plan, by name."
        ),
    ),
    (
        mark("The index is taken for a ranking of mentors."),
        mark("The index stands with its caveat everywhere and never orders a list of people."),
    ),
    (
        mark("Personal data are seen by those who do not need them."),
        mark("Roles open pages; phones and NIK are hidden unless the role needs them; what is done stands in a log."),
    ),
    (
        mark("Data are wrong, or a mentor cannot object."),
        mark("Imports are checked cell by cell and keep their history; objections stand until they are answered."),
    ),
)
"""What may go wrong for the people concerned, and what stands against it."""


def in_short(told: Told, lang: Language) -> Section:
    """What it is, for whom, why."""
    areas = ", ".join(lang.show(area) for area in told["areas"])
    return Section(
        lang.text("In short"),
        said=(
            lang.text(
                "Suluh reads the office's tables of mentors, assessments, businesses, engagements and monthly reports. "
                "It says where mentors stand against the office's standard, which training is expected to bring most "
                "under a budget, and which business fits which mentor, each with reasons."
            ),
            lang.text("Areas of competency: %(areas)s.", areas=areas),
            lang.text("Concerned are mentors, and the owners of the businesses that are accompanied."),
        ),
    )


def owner(told: Told, lang: Language) -> Section:
    """Who answers for it; what the office has not said is a line to fill in."""
    office = told["office"]
    return Section(
        lang.text("Who answers for it"),
        facts=(
            (lang.text("Office"), office["name"]),
            (lang.text("Contact"), office["contact"]),
            (lang.text("Officer for personal data"), office["data_officer"]),
            (lang.text("Contact of this officer"), office["data_officer_contact"]),
            (lang.text("Legal basis of the processing"), office["legal_basis"]),
            (lang.text("How long data are kept"), office["retention"]),
            (lang.text("Where data are kept"), office["hosting"]),
        ),
    )


def advice(told: Told, lang: Language) -> Section:
    """What is advised and who decides."""
    return Section(
        lang.text("How it advises, and who decides"),
        said=(
            lang.text(
                "Suluh decides nothing. Each choice names at most five reasons, the runner-up, what would change it."
            ),
            lang.text(
                "A plan counts only once a person with the right to do so approves it; name, role, time and model "
                "version are kept. Plans approved so far: %(count)s.",
                count=told["approved"],
            ),
        ),
    )


def _named(columns: Sequence[Label], lang: Language) -> str:
    return ", ".join(lang.show(column) for column in columns) or UNKNOWN


def data(told: Told, lang: Language) -> Section:
    """Which tables are held, and which personal columns."""
    columns = (
        Column(lang.text("Table")),
        Column(lang.text("Rows"), "count"),
        Column(lang.text("Personal columns that are filled")),
        Column(lang.text("Of these hidden by default")),
    )
    rows = tuple(
        (lang.show(row["table"]), row["rows"], *(_named(row[kind], lang) for kind in ("personal", "hidden")))
        for row in told["tables"]
    )
    grid = Grid(
        "",
        lang.text(
            "Tables held, by data version %(version)s; earlier versions are kept beside it",
            version=told["data_version"],
        ),
        columns,
        rows,
    )
    return Section(
        lang.text("Data"),
        said=(
            lang.text(
                "Gender, year of birth and disability are never learned from and never reach a prediction; they are "
                "used for the table of fairness only."
            ),
        ),
        tables=(grid.table(lang),),
    )


def model(told: Told, lang: Language) -> Section:
    """The model in use."""
    learned, title = told["learned"], lang.text("The model")
    if learned is None:
        said = lang.text("Nothing has been learned yet: plans go by the standard of the office.")
        return Section(title, said=(said,))
    word = lang.text("Supported gain.") if learned["supported_gain"] else lang.text("No supported gain.")
    return Section(
        title,
        caveat=f"{word} {lang.show(learned['verdict'])}",
        said=(lang.text("How it was learned and how far it holds: the card of model %(name)s.", name=told["model"]),),
        facts=(
            (lang.text("Engagements learned from"), lang.number(learned["engagements"])),
            (lang.text("Mentors: they are the sample"), lang.number(learned["mentors"])),
            (lang.text("Published versions"), lang.number(told["models"])),
        ),
        points=tuple(lang.show(limit) for limit in learned["limits"]),
    )


def tests(told: Told, lang: Language) -> Section:
    """How it was tested: ranges on unseen mentors, errors by group."""
    learned, title = told["learned"], lang.text("How it was tested")
    if learned is None:
        return Section(title, said=(lang.text("There is no model to test."),))
    said = []
    if learned["conformal"]:
        held = learned["conformal"]
        said.append(
            lang.text(
                "Ranges promised to hold for %(nominal)s of the mentors never seen held for %(observed)s.",
                nominal=lang.percent(held["nominal"]),
                observed=lang.percent(held["observed"], 1),
            )
        )
    known = [row for row in learned["fairness"] or () if row["error"] is not None]
    if known:
        worst = max(known, key=lambda row: abs(row["error"]))
        said.append(
            lang.text(
                "Of %(count)s groups compared, the prediction misses most for %(column)s %(group)s: %(error)s (mean of "
                "seen − predicted, log points, %(engagements)s engagements).",
                count=len(known),
                column=lang.text(COLUMNS[worst["column"]]),
                group=group_word(worst["column"], worst["group"], lang),
                error=lang.signed(worst["error"], 3),
                engagements=worst["engagements"],
            )
        )
    else:
        said.append(lang.text("No two groups of people could be compared."))
    return Section(title, said=tuple(said))


def objecting(told: Told, lang: Language) -> Section:
    """How to object."""
    counts = told["objections"]
    return Section(
        lang.text("How to object or have data corrected"),
        said=(
            lang.text(
                "Mentors see their own record and its reasons on the page My record, and object or ask for a "
                "correction there. What they say stands on the advice concerned until a named person answers."
            ),
        ),
        facts=(
            (lang.text("Raised so far"), lang.number(counts["raised"])),
            (lang.text("Answered"), lang.number(counts["answered"])),
            (lang.text("Open"), lang.number(counts["open"])),
        ),
    )


def safety(told: Told, lang: Language) -> Section:
    """How access is guarded."""
    safe = told["safety"]
    columns = (Column(lang.text("Role")), Column(lang.text("Users"), "count"))
    rows = tuple((lang.text(ROLE_WORDS[Role(row["role"])]), row["users"]) for row in told["users"])
    yes, no = lang.text("yes"), lang.text("no")
    return Section(
        lang.text("How access is guarded"),
        facts=(
            (lang.text("Rule of passwords"), words.PASSWORD_RULES[safe["password_rule"]]),
            (lang.text("A log-in ends unused after"), lang.text("%(count)s minutes", count=safe["idle_minutes"])),
            (lang.text("and at the latest after"), lang.text("%(count)s hours", count=safe["session_hours"])),
            (lang.text("Served by https only"), yes if safe["https"] else no),
            (lang.text("Database on a server of its own"), yes if safe["server"] else no),
            (lang.text("Log of what is done, bound in a chain"), yes),
        ),
        tables=(Grid("", lang.text("Who may log in"), columns, rows).table(lang),),
    )


def duties(told: Told, lang: Language) -> Section:
    """Duties by law and what is done about each."""
    del told
    columns = (
        Column(lang.text("Duty")),
        Column(lang.text("Law")),
        Column(lang.text("What is done")),
        Column(lang.text("How sure")),
    )
    rows = tuple(
        (row.duty, _article(row, lang), lang.show(row.does) + _limit(row, lang), lang.text(facts.SURE[row.sure]))
        for row in facts.duties()
    )
    return Section(
        lang.text("Duties by law"),
        said=(lang.text("This table is no legal advice; what is marked as from memory must be checked first."),),
        tables=(Grid("", lang.text("Duties, and what is done about each"), columns, rows).table(lang),),
    )


def _article(row: facts.Duty, lang: Language) -> str:
    return f"{row.law}, {lang.text('article')} {row.article}" if row.article else row.law


def _limit(row: facts.Duty, lang: Language) -> str:
    if row.limit is None:
        return ""
    said = lang.text("limit: %(limit)s", limit=row.limit)
    return f" ({said}; {lang.text(facts.SURE[row.limit_sure])})"


def grounds(told: Told, lang: Language) -> Section:
    """Why an assessment is required."""
    del told
    columns = (Column(lang.text("Ground of high risk")), Column(lang.text("Met")), Column(lang.text("How sure")))
    rows = tuple(
        (row.text, lang.text("yes") if row.met else lang.text("no"), lang.text(facts.SURE[row.sure]))
        for row in facts.grounds()
    )
    return Section(
        lang.text("Why an assessment is required"),
        said=(lang.text("UU 27/2022, article 34, requires it before processing that carries a high risk."),),
        tables=(Grid("", lang.text("Grounds by article 34"), columns, rows).table(lang),),
    )


def necessity(told: Told, lang: Language) -> Section:
    """Whether the processing is needed and no more than that."""
    del told
    return Section(
        lang.text("Necessity and proportion"),
        said=(
            lang.text(
                "The purpose is to spend the training budget where it helps businesses most and to give each business "
                "a mentor who fits. The milder means is the office's standard alone; Suluh goes by it whenever "
                "mentors' scores do not explain growth for mentors never seen."
            ),
            lang.text(
                "Only mentors, assessments, businesses, engagements and courses are needed; the rest is optional."
            ),
        ),
    )


def risks(told: Told, lang: Language) -> Section:
    """Risks for the people concerned; likelihood and severity are for the office to fill in."""
    del told
    columns = (
        Column(lang.text("Risk")),
        Column(lang.text("What stands against it")),
        Column(lang.text("Likelihood")),
        Column(lang.text("Severity")),
        Column(lang.text("What remains")),
    )
    rows = tuple((lang.text(risk), lang.text(against), "", "", "") for risk, against in RISKS)
    caption = lang.text("Risks; the last three columns are for the office to fill in")
    return Section(lang.text("Risks for the people concerned"), tables=(Grid("", caption, columns, rows).table(lang),))


def opinion(told: Told, lang: Language) -> Section:
    """What the office itself concludes."""
    del told
    return Section(
        lang.text("Conclusion of the office"),
        facts=tuple(
            (lang.text(name), "")
            for name in (
                mark("Opinion of the officer for personal data"),
                mark("Mentors and businesses heard"),
                mark("Decision"),
                mark("To be assessed again by"),
            )
        ),
    )
