"""What a mentor objects to or asks to be corrected: raised, seen by who decides until answered, answered once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from data.snapshot import Snapshot
from data.store.objections import Objection, ObjectionDraft
from data.store.store import Store
from model.refusals import InputRefused, NotFound
from model.sentences import Number, Sentence, sentence
from service.keeping import thaw
from service.matches import deciding as match_deciding
from service.matches import stored as matches
from service.people.roles import MAY_RAISE, Permission, role_for
from service.plans import deciding
from service.plans import stored as plans
from service.typed import one_line
from service.words import ABOUTS, KINDS, OUTCOMES

LONGEST = 2000
CORRECTION_DUE = timedelta(hours=72)
"""UU 27/2022, article 6, as recalled: 3 × 24 hours; the office checks it (service/reports/law.toml)."""


def objections(store: Store, mentor_id: str | None = None, *, only_open: bool = False) -> dict[str, Any]:
    """Objections (of one mentor, or only the open ones), the oldest first, with the number that is open."""
    found = [row for row in store.objections() if mentor_id in {None, row.mentor_id}]
    standing = [row for row in found if row.answer is None]
    return {"objections": [_told(row) for row in (standing if only_open else found)], "open": len(standing)}


def _told(row: Objection) -> dict[str, Any]:
    due = row.raised_at + CORRECTION_DUE if row.kind == "correction" else None
    answer = None if row.answer is None else vars(row.answer)
    return {**vars(row), "answer": answer, "status": "open" if answer is None else "answered", "due_at": due}


def advice_about(store: Store, mentor: str) -> list[dict[str, Any]]:
    """Choices about a mentor in the approved plans and in the newest one.

    Each: about, source, subject, title, status, reasons, evidence, ``gain_points`` of a plan's or ``growth`` of a
    pair's (mean, low, high; None where none is told), ``decision`` (the newest on a plan's choice, without its reason).
    """
    approved, records = store.approved_plans(), store.plans()
    found = []
    for record in records:
        if record.id not in approved and record is not records[0]:
            continue
        decided = deciding.newest_on(store, record.id)
        found += [
            {
                "about": "plan",
                "source": record.id,
                "subject": choice["course_id"],
                "title": choice["title"],
                "status": "approved" if record.id in approved else "draft",
                "evidence": choice["evidence"],
                "gain_points": choice["gain_points"],
                "growth": None,
                "decision": _without_reason(decided.get((mentor, choice["course_id"]))),
                "reasons": [*choice["reasons"], choice["what_would_change"], choice["decides"]],
            }
            for choice in plans.as_stored(record)["choices"]
            if choice["mentor_id"] == mentor
        ]
    return found + _matched(store, mentor)


def _without_reason(decision: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The reason was written for the office; ``person copy`` gives it to whoever asks for all that is held."""
    return None if decision is None else {name: value for name, value in decision.items() if name != "reason"}


def _matched(store: Store, mentor: str) -> list[dict[str, Any]]:
    """Pairs of a mentor in the newest published matching."""
    for record in store.matches():
        if match_deciding.status_of(store.match_events(record.id)) != "published":
            continue
        return [
            {
                "about": "match",
                "source": record.id,
                "subject": pair["business_id"],
                "title": f"{pair['business_name']} ({pair['business_id']})",
                "status": "published",
                "evidence": pair["evidence"],
                "gain_points": None,
                "growth": _growth(pair),
                "decision": None,
                "reasons": [*pair["reasons"], pair["what_would_change"], pair["decides"]],
            }
            for pair in matches.as_stored(record)["pairs"]
            if pair["mentor_id"] == mentor
        ]
    return []


def _growth(pair: Mapping[str, Any]) -> dict[str, float] | None:
    if pair["expected_growth"] is None:
        return None
    return {"mean": pair["expected_growth"], "low": pair["low"], "high": pair["high"]}


def raise_objection(store: Store, seen: Snapshot, told: Mapping[str, Any]) -> dict[str, Any]:
    """Record an objection.

    Args:
        store: keeps it.
        seen: the tables, to know the mentor.
        told: mentor_id, kind, about, source, subject, said, name, role, as they were typed.

    Raises:
        InputRefused: an unknown kind or thing, or nothing said.
        AccessRefused: the role neither objects for itself, nor answers, nor decides.
        NotFound: there is no such mentor, plan or choice.
    """
    mentor = str(told["mentor_id"])
    if mentor not in set(seen["mentors"]["mentor_id"]):
        raise NotFound(sentence("mentor"), mentor)
    kind, about = _one_of(KINDS, told.get("kind"), "kind"), _one_of(ABOUTS, told.get("about") or "record", "about")
    source = _source(store, about, told.get("source"), mentor, told.get("subject") or None)
    draft = ObjectionDraft(
        mentor,
        kind,
        about,
        source,
        told.get("subject") or None if about != "record" else None,
        _said(told.get("said"), sentence("what you object to, or what is wrong and how it should read")),
        _said(told.get("name"), sentence("your name")),
        role_for(_said(told.get("role"), sentence("your role")), *MAY_RAISE),
    )
    return _told(store.raise_objection(draft))


def _source(store: Store, about: str, source: Any, mentor: str, subject: str | None) -> int | None:
    """Number of the plan or matching; checks that the plan has that choice."""
    if about == "record":
        return None
    if about == "match":
        matching = matches.stored(store, str(source or ""))
        pairs = {(row["mentor_id"], row["business_id"]) for row in matches.as_stored(matching)["pairs"]}
        if subject is not None and (mentor, subject) not in pairs:
            raise NotFound(sentence("pair in this matching"), f"{subject}:{mentor}")
        return matching.id
    record = plans.stored(store, str(source or ""))
    choices = thaw(plans.as_stored(record))["choices"]
    if subject is not None and (mentor, subject) not in {(row["mentor_id"], row["course_id"]) for row in choices}:
        raise NotFound(sentence("choice in this plan"), f"{mentor}:{subject}")
    return record.id


def answer(store: Store, identifier: int | str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Record the answer to an objection; ``told``: outcome, said, name, role.

    Raises:
        NotFound: there is no such objection.
        InputRefused: an unknown outcome, nothing said, or it is answered already.
        AccessRefused: the role may not answer.
    """
    if not str(identifier).isdecimal() or len(str(identifier)) > 15:
        raise NotFound(sentence("objection"), str(identifier))
    outcome = _one_of(OUTCOMES, told.get("outcome"), "outcome")
    said = _said(told.get("said"), sentence("the answer to the mentor"))
    by = _said(told.get("name"), sentence("your name"))
    of = role_for(_said(told.get("role"), sentence("your role")), Permission.ANSWER)
    return _told(store.answer_objection(int(identifier), outcome, said, by, of))


def _one_of(known: Mapping[str, str], given: Any, entry: str) -> str:
    if given not in known:
        raise InputRefused(
            sentence("%(given)s is none of %(known)s.", given=str(given or "–")[:80], known=", ".join(known)),
            where=sentence("the entry %(entry)s", entry=entry),
            mend=sentence("Choose one of those named."),
        )
    return str(given)


def _said(text: Any, what: Sentence) -> str:
    told = one_line(str(text or ""), sentence("the objection"))
    if not told or len(told) > LONGEST:
        raise InputRefused(
            sentence("This must be told in words: %(what)s.", what=what),
            where=sentence("the objection"),
            mend=sentence("Give it in at most %(count)s letters.", count=Number(LONGEST)),
        )
    return told
