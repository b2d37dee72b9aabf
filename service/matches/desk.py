"""What people decide on the intake desk's advice: accept it, take another mentor, or refuse it; withdraw that later.

An accepted or changed advice holds a place of the mentor until the engagement is imported. The advice is kept with the
decision as it was worked out at that moment, so that it can be seen later what was advised and why.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.snapshot import Snapshot
from data.store.desk import ACCEPT, CHANGE, REFUSE, DeskChoice, DeskEvent
from data.store.matches import MatchBrief
from data.store.records import PlanDraft, PlanRecord
from model.framework import fold
from model.nik import is_nik
from model.refusals import InputRefused, MatchRefused, NotFound
from model.sentences import Sentence, sentence
from service.keeping import kept_text, thaw
from service.matches.holding import Given, engaged_with
from service.people.roles import Permission, role_for
from service.plans.deciding import DECISIONS, said
from service.typed import one_line
from training.matching.desk import Desk

LONGEST_ID = 200  # letters


@dataclass(frozen=True)
class Asked:
    """What a clerk decides: ``decision`` on the advice for a business of a ``district`` with ``needs``.

    ``mentor``: whom it gets; none where the advice is refused. ``mark``: of the advice that the clerk has seen.
    """

    decision: str
    business: str
    district: str
    name: str
    role: str
    needs: Sequence[str] = ()
    sector: str | None = None
    mentor: str | None = None
    mark: str | None = None
    reason: str = ""


def mark_of(advice: Mapping[str, Any]) -> str:
    """What is the same for two advices that say the same of the same business: who is advised, in which order, of what.

    Places left are not in it: another clerk may take one of many meanwhile.
    """
    asked = [advice[name] for name in ("district", "needs", "model", "data_version", "match")]
    rows = [[row["mentor_id"], row["within_noise_of_best"]] for row in advice["best"]]
    told = json.dumps([*asked, str(advice["as_of"]), advice.get("sector"), rows], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def clean(asked: Asked) -> Asked:
    """What is asked, its texts without space around them.

    Raises:
        InputRefused: an unknown decision; a business, mentor, name, role or reason that is needed is missing.
        AccessRefused: the role may not decide.
    """
    if asked.decision not in DECISIONS:
        raise InputRefused(
            sentence("The advice cannot be decided by %(decision)s.", decision=asked.decision[:40]),
            where=sentence("the decision"),
            mend=sentence("Choose accept, change or refuse."),
        )
    business = one_line(asked.business, sentence("the option %(option)s", option="--business"))
    mentor = (asked.mentor or "").strip() or None
    if not business or len(business) > LONGEST_ID:
        raise InputRefused(
            sentence("No business is named."),
            where=sentence("the option %(option)s", option="--business"),
            mend=sentence("Give the id under which the business is or will be registered; no name, no NIK."),
        )
    if (mentor is None) != (asked.decision == REFUSE):
        raise InputRefused(
            sentence("An advice that is refused gives no mentor.") if mentor else sentence("No mentor is named."),
            where=sentence("the option %(option)s", option="--mentor"),
            mend=sentence("Name the mentor whom the business gets; leave it empty only to refuse the advice."),
        )
    return replace(
        asked,
        business=business,
        mentor=mentor,
        mark=(asked.mark or "").strip() or None,
        reason=said(asked.reason, "--reason", needed=asked.decision != ACCEPT),
        name=said(asked.name, "--name"),
        role=role_for(said(asked.role, "--role"), Permission.DECIDE),
    )


def check_business(asked: Asked, seen: Snapshot, given: Sequence[Given]) -> None:
    """Refuse a business that has a mentor, or that is registered elsewhere.

    Raises:
        InputRefused: its district is another one, or its id, not registered yet, is a NIK.
        MatchRefused: it has an active engagement, or the desk gave it a mentor already.
    """
    table = seen["businesses"]
    district = next(iter(table["district"][table["business_id"] == asked.business]), None)
    if district is None and is_nik(asked.business):
        raise _nik("--business")
    if district is not None and fold(str(district)) != fold(asked.district):
        raise InputRefused(
            sentence("%(business)s is registered in %(district)s.", business=asked.business, district=str(district)),
            where=sentence("the option %(option)s", option="--district"),
            mend=sentence("Ask the desk for that district, or give the id of another business."),
        )
    engaged = engaged_with(seen, asked.business)
    if engaged is not None:
        raise MatchRefused(
            sentence("%(business)s is accompanied by %(mentor)s already.", business=asked.business, mentor=engaged),
            where=sentence("the table %(table)s", table="engagements"),
            mend=sentence("Write the day in ended_on of that engagement first, if it has ended."),
        )
    before = next((one for one in given if one.holds and one.event.business_id == asked.business), None)
    if before is not None:
        raise _given(before)


def _nik(option: str) -> InputRefused:
    return InputRefused(
        sentence("This id reads as a NIK, and an id is seen by everybody and kept for good."),
        where=sentence("the option %(option)s", option=option),
        mend=sentence("Give the id of the office's own under which the business or mentor is registered; no NIK."),
    )


def _given(before: Given) -> MatchRefused:
    return MatchRefused(
        sentence(
            "%(business)s was given to %(mentor)s by %(name)s on %(day)s already.",
            business=before.event.business_id,
            mentor=str(before.event.mentor_id),
            name=before.event.name,
            day=before.event.made_at.date(),
        ),
        where=sentence("decision %(id)s of the intake desk", id=str(before.event.advice)),
        mend=sentence("Withdraw that decision first, if it no longer holds."),
    )


def check_mentor(asked: Asked, advice: Mapping[str, Any], desk: Desk) -> None:
    """Refuse what is no such decision on this advice.

    Raises:
        MatchRefused: the advice is no longer the one that was seen; the mentor is not the one advised (or is, where
            another is asked for), takes nobody, or has no place.
        NotFound: there is no such mentor.
    """
    if asked.decision != REFUSE:
        _check_place(str(asked.mentor), desk)
    if asked.mark is not None and asked.mark != advice["mark"]:
        raise _refused(
            sentence("The advice has changed since you saw it: data, model, matching or places are others now."),
            sentence("Look at the advice again, then decide."),
        )
    first = [row["mentor_id"] for at, row in enumerate(advice["best"]) if at == 0 or row["within_noise_of_best"]]
    if asked.decision == ACCEPT and asked.mentor not in first:
        raise _refused(
            sentence("%(mentor)s is not the mentor advised, nor equal within noise.", mentor=str(asked.mentor)),
            sentence("Choose change, and say why this mentor is to have the business."),
        )
    if asked.decision == CHANGE and asked.mentor in first:
        raise _refused(
            sentence("%(mentor)s is the mentor advised, or equal within noise.", mentor=str(asked.mentor)),
            sentence("Choose accept."),
        )


def _check_place(mentor: str, desk: Desk) -> None:
    number = desk.tables.mentors.number.get(mentor)
    if number is None and is_nik(mentor):
        raise _nik("--mentor")
    if number is None:
        raise NotFound(sentence("mentor"), mentor)
    if number in desk.away:
        raise _refused(
            sentence("%(mentor)s takes nobody in matching %(match)s.", mentor=mentor, match=str(desk.match)),
            sentence("Choose another mentor."),
        )
    if desk.free[number] < 1:
        raise _refused(
            sentence("%(mentor)s has no free place any more.", mentor=mentor),
            sentence("Look at the advice again, and choose a mentor with a free place."),
        )


def _refused(what: Sentence, mend: Sentence) -> MatchRefused:
    return MatchRefused(what, where=sentence("the intake desk"), mend=mend)


def draft_of(asked: Asked, advice: Mapping[str, Any], seen: Snapshot, seed: int) -> tuple[PlanDraft, DeskChoice]:
    """The advice as it is kept, and the decision on it."""
    request = {
        "business_id": asked.business,
        "district": asked.district,
        "needs": list(asked.needs),
        "sector": asked.sector,
        "advised": next((row["mentor_id"] for row in advice["best"]), None),
    }
    draft = PlanDraft(seen.version, seen.as_of, advice["model"], seed, request, kept_text(advice))
    return draft, DeskChoice(asked.decision, asked.business, asked.mentor, asked.reason, asked.name, asked.role)


def told(
    record: MatchBrief | PlanRecord, events: Sequence[DeskEvent], given: Given | None, names: Mapping[str, str]
) -> dict[str, Any]:
    """A decision: what was asked and decided, how it stands, and who was advised first.

    ``status``: held (a place counts as taken), engaged (the engagement came), elsewhere (with another mentor),
    refused or withdrawn. ``business``: the id, which need not be in the tables.
    """
    first, *later = events
    return {
        "desk": record.id,
        "business": first.business_id,
        **{name: record.request[name] for name in ("district", "needs", "sector", "advised")},
        "decision": first.event,
        "status": _status(first, later, given),
        "mentor_id": first.mentor_id,
        "mentor_name": names.get(str(first.mentor_id)),
        "reason": first.reason,
        "name": first.name,
        "role": first.role,
        "made_at": first.made_at,
        "withdrawn": [{name: getattr(one, name) for name in ("reason", "name", "role", "made_at")} for one in later],
        **{name: getattr(record, name) for name in ("model", "data_version", "as_of")},
    }


def _status(first: DeskEvent, later: Sequence[DeskEvent], given: Given | None) -> str:
    if first.event == REFUSE:
        return "refused"
    if later or given is None:
        return "withdrawn"
    if given.holds:
        return "held"
    return "engaged" if first.mentor_id in given.came else "elsewhere"


def advice_of(record: PlanRecord) -> dict[str, Any]:
    """The advice as it was given."""
    found: dict[str, Any] = thaw(json.loads(record.answer))
    return found


def number_of(given: int | str) -> int:
    """Number of a decision.

    Raises:
        NotFound: it is none.
    """
    if not str(given).isdecimal() or len(str(given)) > 15:
        raise NotFound(sentence("decision of the intake desk"), str(given)[:40])
    return int(given)
