"""What people decide about a matching: approve it for good, make it known, decline a pair and match the rest anew."""

import json
from collections.abc import Sequence
from typing import Any

from data.snapshot import Snapshot
from data.store.matches import APPROVED, DECLINED, PUBLISHED, MatchEvent, Refusal, already
from data.store.records import PlanRecord
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress
from model.refusals import InputRefused, MatchRefused, NotFound
from model.sentences import Number, sentence
from service.keeping import thaw
from service.matches import stored
from service.models.shelf import Shelf
from service.people.roles import Permission, role_for
from service.plans.deciding import said
from training.matching.match import MatchRequest, PairIds
from training.matching.promises import pair_promises

_PREDICTS = sentence("An approved matching never changes; its predictions are kept for review.")
_PREDICTS_NOTHING = sentence(
    "An approved matching never changes. By the standard nothing is predicted, so nothing is reviewed."
)


def shown(store: Store, match_id: int | str) -> dict[str, Any]:
    """A stored matching as it was given, its status and every decision on it, the oldest first."""
    record = stored.stored(store, match_id)
    return {**stored.as_stored(record), **standing(store.match_events(record.id))}


def standing(events: Sequence[MatchEvent]) -> dict[str, Any]:
    """``status`` (draft, approved or published) and ``decisions`` of a matching."""
    return {"status": status_of(events), "decisions": [_decision(event) for event in events]}


def status_of(events: Sequence[MatchEvent]) -> str:
    """Draft, approved or published."""
    made = {event.event for event in events}
    return PUBLISHED if PUBLISHED in made else APPROVED if APPROVED in made else "draft"


def _decision(event: MatchEvent) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if name != "match"}


def approve(store: Store, record: PlanRecord, shelf: Shelf, *, name: str, role: str) -> dict[str, Any]:
    """Approve a matching and keep the growth it predicts for every pair.

    Raises:
        InputRefused: no name or role.
        AccessRefused: the role may not approve.
        MatchRefused: it is approved already.
    """
    by, of = said(name, "--name"), role_for(said(role, "--role"), Permission.APPROVE)
    known = next((event for event in store.match_events(record.id) if event.event == APPROVED), None)
    if known is not None:
        raise already(known)
    pairs = thaw(json.loads(record.answer))["pairs"]
    made = pair_promises(pairs, shelf.model)
    event = store.approve_match(record.id, by, of, made)
    return {
        "match": record.id,
        "status": APPROVED,
        "approval": _decision(event),
        "pairs": len(pairs),
        "predictions": len(made),
        "note": _PREDICTS if made else _PREDICTS_NOTHING,
    }


def publish(store: Store, record: PlanRecord, *, name: str, role: str) -> dict[str, Any]:
    """Make an approved matching known.

    Raises:
        InputRefused: no name or role.
        AccessRefused: the role may not make it known.
        MatchRefused: it is not approved yet, or published already.
    """
    by, of = said(name, "--name"), role_for(said(role, "--role"), Permission.APPROVE)
    event = store.publish_match(record.id, by, of)
    return {"match": record.id, "status": PUBLISHED, "publication": _decision(event)}


def decline(
    store: Store,
    made: tuple[PlanRecord, MatchRequest],
    seen: Snapshot,
    framework: Framework,
    shelf: Shelf,
    asked: Sequence[str],
    progress: Progress,
    **told: str,
) -> dict[str, Any]:
    """Decline pairs (BUSINESS:MENTOR), or every pair of a mentor who leaves (MENTOR), and match the rest anew.

    ``made``: the matching, and its request with the places that the intake desk has given away by now. The new one is
    a draft of its own, made of the same data, in which as few other pairs as possible are moved;
    the declined one stays as it is.

    Raises:
        NotFound: the matching has no such pair or mentor.
        InputRefused: nothing to decline, no name, role or reason.
        AccessRefused: the role may not decide.
        MatchRefused: one of the pairs was declined before.
    """
    record, request = made
    pairs, leaving = _named(record, asked)
    _refuse_twice(store, record, pairs, leaving)
    by = {"name": said(told.get("name", ""), "--name")}
    by["role"] = role_for(said(told.get("role", ""), "--role"), Permission.DECIDE)
    by["reason"] = said(told.get("reason", ""), "--reason")
    answer, draft = stored.draft_of(seen, framework, shelf, stored.less(request, record, pairs, leaving), progress)
    refused = [*(Refusal(*pair) for pair in pairs), *(Refusal(None, mentor) for mentor in leaving)]
    new = store.decline_pairs(record.id, refused, draft, **by)
    return {"match": new.id, **answer, "changes": changes(stored.as_stored(record), answer)}


def _named(record: PlanRecord, asked: Sequence[str]) -> tuple[list[PairIds], list[str]]:
    answer = json.loads(record.answer)
    known = {(pair["business_id"], pair["mentor_id"]) for pair in answer["pairs"]}
    there = {mentor for _, mentor in known} | {row["mentor_id"] for row in answer["mentors"] if row["active"]}
    if not asked:
        raise InputRefused(
            sentence("No pair is named."),
            where=sentence("the command line of %(command)s", command="match decline"),
            mend=sentence("Write BUSINESS:MENTOR, or the id of a mentor who leaves."),
        )
    pairs = [stored.pair_of(text, "B:M") for text in asked if ":" in text]
    leaving = [text.strip() for text in asked if ":" not in text]
    for pair in pairs:
        if pair not in known:
            raise NotFound(sentence("pair in this matching"), ":".join(pair))
    for mentor in leaving:
        if mentor not in there:
            raise NotFound(sentence("mentor in this matching"), mentor)
    return pairs, leaving


def _refuse_twice(store: Store, record: PlanRecord, pairs: Sequence[PairIds], leaving: Sequence[str]) -> None:
    asked = {*pairs, *((None, mentor) for mentor in leaving)}
    for event in store.match_events(record.id):
        if event.event == DECLINED and (event.business_id, event.mentor_id) in asked:
            raise MatchRefused(
                sentence("This was declined before; the rest was matched anew in %(match)s.", match=str(event.led_to)),
                where=sentence("the matching %(id)s", id=str(record.id)),
                mend=sentence("Go on with matching %(match)s.", match=str(event.led_to)),
            )


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs between two matchings: pairs that moved, came or went, and a sentence that counts them.

    A business that a leaving mentor has now was that mentor's before, though no pair of the first said so.
    """
    first, second = ({pair["business_id"]: pair["mentor_id"] for pair in made["pairs"]} for made in (before, after))
    waited = {row["business_id"] for row in before["unmatched"]}
    ended = {pair["business_id"]: pair["mentor_id"] for pair in after.get("left", ())}
    first = {**{business: mentor for business, mentor in ended.items() if business not in waited}, **first}
    rows = [
        {"business_id": business, "before": first.get(business), "after": second.get(business)}
        for business in sorted({*first, *second})
        if first.get(business) != second.get(business)
    ]
    note = sentence(
        "Businesses that change: %(count)s; that stay with their mentor: %(same)s.",
        count=Number(len(rows)),
        same=Number(sum(1 for business in first if second.get(business) == first[business])),
    )
    return {"rows": rows, "note": note}
