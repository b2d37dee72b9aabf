"""Matching: the form that asks for one, the stored ones, one with its pairs and decisions."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from model.refusals import InputRefused, NotFound, Refused
from model.sentences import sentence
from service.files.letterhead import letter_of
from service.guard import check_match_pair, needs, user
from service.language import mark
from service.matches import rule_lines
from service.matches.words import PAIR_NAMES, STATUS, alike
from service.pages.downloads import download
from service.pages.frame import again, page, pages, plain, programme, typed
from service.pages.listing import part
from service.pages.plans import named
from service.people.roles import Permission
from service.plans.words import part_of

FORMS = ("xlsx", "pdf", "json")
EVENTS = {"approved": mark("approved"), "published": mark("published"), "declined": mark("declined")}


def _options() -> dict[str, Any]:
    """Options of a matching as the form gives them; what is left empty is not among them."""
    form = request.form
    told: dict[str, Any] = {"pool": form["pool"]} if form.get("pool") else {}
    for name in ("keep", "balance"):
        if form.get(name, "").strip():
            told[name] = _number(form[name], name)
    for name in ("lock", "forbid", "without"):
        typed = [one for text in form.getlist(name) for one in text.replace(",", " ").split()]
        every = [*typed, *form.getlist(f"{name}-pair")]
        told |= {name: every} if every else {}
    lines = {name: form[f"rules-{name}"] for name in rule_lines.FIELDS if f"rules-{name}" in form}
    return told | ({"rules": rule_lines.read(lines)} if lines else {})


def _number(text: str, name: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError as fault:
        raise InputRefused(
            sentence("%(value)s is no number.", value=text[:80]),
            where=sentence("the field %(field)s", field=name),
            mend=sentence("Write a number such as 0.02."),
        ) from fault


@pages.get("/matches")
@needs(Permission.SEE_PLANS)
def matches() -> str:
    """The form that asks for a matching, the stored ones, and the intake desk."""
    return _list()


def _list(**more: Any) -> str:
    rows = plain(programme().matches())["matches"]
    return page("matches.html", matches=rows, statuses=STATUS, **desk_choices(), **_rules(), **more)


def _rules() -> dict[str, Any]:
    """Fields of the rules, filled with those of the framework; none for who is limited, as they name every mentor."""
    if user().districts is not None:
        return {"rule_fields": {}}
    asked = programme()
    return {
        "rule_fields": plain(rule_lines.FIELDS),
        "rules": rule_lines.written(asked.framework.matching),
        "sectors": sorted(asked.snapshot()["businesses"]["sector"].dropna().unique()),
    }


def desk_choices() -> dict[str, Any]:
    """Districts and needs that the intake desk can be asked about."""
    tables, framework = programme().snapshot(), programme().framework
    known = set(tables["businesses"]["district"])
    own = user().districts
    return {
        "districts": sorted(known if own is None else known & own),
        "needs_known": {code: plain(problem.label) for code, problem in framework.problems.items()},
    }


@pages.post("/matches")
@needs(Permission.MAKE_PLANS)
def make_match() -> Response | str:
    """Make and store a matching, then show it."""
    shown = request.form.get("shown")
    again((lambda: match(shown)) if shown else _list)
    try:
        answer = programme().match(**_options())
    except Refused as fault:
        raise named(fault) from fault
    if answer["match"] is None:
        return _list(note=plain(answer["note"]))
    return redirect(url_for("pages.match", match_id=answer["match"]), 303)


@pages.get("/matches/<match_id>")
@needs(Permission.SEE_PLANS)
def match(match_id: str) -> str:
    """A stored matching: its pairs by filter and page, who is unserved, what was decided."""
    answer = _shown(match_id)
    wanted = {name: request.args.get(name, "").strip() for name in ("district", "mentor_id", "business_id")}
    if refused := typed("pair"):
        wanted["business_id"] = refused.rpartition(":")[0]
    pairs = [row for row in answer["pairs"] if all(not value or row[name] == value for name, value in wanted.items())]
    shown = part(len(pairs), 25)
    told = {name: value for name, value in answer.items() if name not in {"pairs", "unmatched"}}
    return page(
        "match.html",
        match=told,
        pairs=shown.of(pairs),
        part=shown,
        count=len(answer["pairs"]),
        wanted=wanted,
        unmatched=_grouped(answer["unmatched"]),
        statuses=STATUS,
        event_words=EVENTS,
        alike=alike,
    )


def _shown(match_id: str) -> dict[str, Any]:
    """A matching cut to what the user may see."""
    shown: dict[str, Any] = plain(part_of(programme().show_match(match_id), user().districts), *PAIR_NAMES)
    return shown


def _grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Unmatched businesses with the same reason and remedy together."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["reason"], row["fix"]), []).append(row)
    return [{"reason": reason, "fix": fix, "rows": of, "count": len(of)} for (reason, fix), of in groups.items()]


@pages.post("/matches/<match_id>/declines")
@needs(Permission.DECIDE)
def decline(match_id: str) -> Response:
    """Decline a pair, or all of a mentor who leaves; the rest is matched anew under a number of its own."""
    pair = request.form.get("pair", "")
    again(lambda: match(match_id), f"pair-{pair}")
    check_match_pair(pair)
    try:
        made = programme().decline_pair(match_id, pair, reason=request.form.get("reason", ""), **_by())
    except Refused as fault:
        raise named(fault) from fault
    return redirect(url_for("pages.match", match_id=made["match"]), 303)


def _by() -> dict[str, str]:
    return {"name": user().name, "role": str(user().role)}


@pages.post("/matches/<match_id>/approval")
@needs(Permission.APPROVE)
def approve_match(match_id: str) -> Response:
    """Approve a matching for good; the box must have been ticked by hand."""
    again(lambda: match(match_id))
    _ticked()
    programme().approve_match(match_id, **_by())
    return redirect(url_for("pages.match", match_id=match_id), 303)


@pages.post("/matches/<match_id>/publication")
@needs(Permission.APPROVE)
def publish_match(match_id: str) -> Response:
    """Make an approved matching known."""
    again(lambda: match(match_id))
    _ticked()
    programme().publish_match(match_id, **_by())
    return redirect(url_for("pages.match", match_id=match_id), 303)


def _ticked() -> None:
    if request.form.get("sure") != "yes":
        raise InputRefused(
            sentence("Nothing is recorded: the box was not ticked."),
            where=sentence("the form you sent"),
            mend=sentence("Go back, tick the box, and send it again."),
        )


@pages.get("/matches/<match_id>/matching.<form>")
@needs(Permission.SEE_PLANS)
def match_file(match_id: str, form: str) -> Response:
    """A stored matching as a file, cut to what the user may see."""
    from service.matches import stored  # noqa: PLC0415 - serving waits for no matcher

    if form not in FORMS:
        raise NotFound(sentence("file of this matching"), form)
    answer = _shown(match_id)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"matching.{form}"
        stored.write(answer, path, g.lang, letter_of(programme().framework.office))
        return download(path.read_bytes(), form, f"suluh-{g.lang.text('matching')}-{match_id}")
