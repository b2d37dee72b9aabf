"""What people decide about a plan: each choice accepted, changed or refused, then the whole approved for good."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from data.snapshot import Snapshot
from data.store.decisions import Approval, Decision, already, meanwhile
from data.store.records import PlanRecord
from data.store.store import Store
from model.framework import Framework
from model.nik import holds_nik
from model.refusals import InputRefused, NotFound
from model.sentences import Number, sentence
from service.keeping import thaw
from service.people.roles import Permission, role_for
from service.plans import stored
from service.plans.request import pair_of
from service.plans.words import undecided
from service.typed import one_line
from training.planning.promises import promises
from training.publishing import Model

DECISIONS = ("accept", "change", "refuse")
LONGEST = 2000  # letters of a name, role or reason


def shown(store: Store, plan_id: int | str) -> dict[str, Any]:
    """A stored plan as it was given, its status, who approved it and every decision on it, the oldest first.

    ``after``: what it comes to by those decisions, None where no choice fell.
    """
    record = stored.stored(store, plan_id)
    answer = stored.as_stored(record)
    return {**answer, **standing(store, record.id), "after": _after(answer, store.decisions(record.id))}


def _after(answer: Mapping[str, Any], decided: Sequence[Decision]) -> dict[str, int] | None:
    """``places`` and ``cost_idr`` without what is refused or to be changed; None where every choice stands."""
    pairs = [(choice["mentor_id"], choice["course_id"]) for choice in answer["choices"]]
    kept = still_wanted(pairs, decided)
    return None if len(kept) == len(pairs) else {"places": len(kept), "cost_idr": cost_of(answer, kept)}


def cost_of(answer: Mapping[str, Any], pairs: Collection[tuple[str, str]]) -> int:
    """What these places (mentor id, course id) of a plan's answer cost, with the fixed costs of their courses."""
    cost = {(choice["mentor_id"], choice["course_id"]): choice["cost_idr"] for choice in answer["choices"]}
    held = {course for _, course in pairs}
    fixed = sum(row["fixed_cost_idr"] for row in answer["fixed_costs"] if row["course_id"] in held)
    return int(sum(cost[pair] for pair in pairs) + fixed)


def standing(store: Store, plan: int) -> dict[str, Any]:
    """``status`` (draft or approved), ``approval`` (None for a draft) and ``decisions`` of a plan."""
    approval = store.approval(plan)
    return {
        "status": "draft" if approval is None else "approved",
        "approval": None if approval is None else _approval(approval),
        "decisions": [_decision(row) for row in store.decisions(plan)],
    }


def _approval(approval: Approval) -> dict[str, Any]:
    return {"name": approval.name, "role": approval.role, "approved_at": approval.approved_at}


def _decision(row: Decision) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "plan"}


def decide(  # noqa: PLR0913 - a decision is described by all of it
    store: Store,
    plan_id: int | str,
    choice: str,
    decision: str,
    *,
    name: str,
    role: str,
    reason: str = "",
    known: int | None = None,
) -> dict[str, Any]:
    """Record a decision on one choice of a plan; the newest on a choice counts.

    ``known``: how many decisions on the choice the person had seen; None where that is not asked.

    Raises:
        NotFound: there is no such plan, or it has no such choice.
        InputRefused: an unknown decision, no name or role, or no reason for changing or refusing.
        AccessRefused: the role may not decide.
        PlanRefused: the plan is approved already, or there are other decisions on the choice than were seen.
    """
    record = stored.stored(store, plan_id)
    if decision not in DECISIONS:
        raise InputRefused(
            sentence("A choice cannot be decided by %(decision)s.", decision=decision),
            where=sentence("the decision"),
            mend=sentence("Choose accept, change or refuse."),
        )
    mentor, course = pair_of(choice, "M:C")
    if (mentor, course) not in _pairs(record):
        raise NotFound(sentence("choice in this plan"), f"{mentor}:{course}")
    row = Decision(
        record.id,
        mentor,
        course,
        decision,
        said(reason, "--reason", needed=decision != "accept"),
        said(name, "--name"),
        role_for(said(role, "--role"), Permission.DECIDE),
        record.model,
        datetime.now(UTC),
    )
    return {"plan": record.id, **_decision(store.decide(row, known)), "status": "draft"}


def said(text: str, option: str, *, needed: bool = True) -> str:
    """Text without space around it.

    Raises:
        InputRefused: it is empty though needed, too long, or holds a NIK or signs that nobody sees.
    """
    told = one_line(text, sentence("the option %(option)s", option=option))
    if holds_nik(told):
        raise InputRefused(
            sentence("This text holds a number that reads as a NIK, and it would be kept for good."),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Leave the number out; name a person by the id."),
        )
    if needed and not told and option == "--reason":
        raise InputRefused(
            sentence("Nothing is recorded: changing, refusing or declining needs a reason."),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Say in a few words why; it is kept with the decision."),
        )
    if (needed and not told) or len(told) > LONGEST:
        raise InputRefused(
            sentence("A decision needs a name, a role and, unless you accept, a reason, of readable length."),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Give it in at most %(count)s letters.", count=Number(LONGEST)),
        )
    return told


def _pairs(record: PlanRecord) -> list[tuple[str, str]]:
    choices = thaw(json.loads(record.answer))["choices"]
    return [(choice["mentor_id"], choice["course_id"]) for choice in choices]


def wanted(store: Store, record: PlanRecord) -> list[tuple[str, str]]:
    """The places (mentor id, course id) of a plan that nobody refused or wants changed."""
    return still_wanted(_pairs(record), store.decisions(record.id))


def refuse_approved(store: Store, plan: int) -> None:
    """Refuse at once what the transaction would refuse after the work.

    Raises:
        PlanRefused: the plan is approved already.
    """
    known = store.approval(plan)
    if known is not None:
        raise already(known)


def approve(  # noqa: PLR0913 - an approval is made from all of it
    store: Store,
    record: PlanRecord,
    seen: Snapshot,
    framework: Framework,
    model: Model | None,
    *,
    name: str,
    role: str,
    known: int | None = None,
) -> dict[str, Any]:
    """Approve a plan and keep its predictions: of every choice whose newest decision is not change or refuse.

    Args:
        store: keeps both in one transaction.
        record: the plan.
        seen: the tables that it was made from.
        framework: areas and problem codes.
        model: the one that it was made with.
        name: of who approves.
        role: theirs.
        known: how many decisions on the plan the person had seen; None where that is not asked.

    Raises:
        InputRefused: no name or role.
        AccessRefused: the role may not approve.
        PlanRefused: the plan is approved already, or someone decided on it meanwhile.
    """
    by, of = said(name, "--name"), role_for(said(role, "--role"), Permission.APPROVE)
    decided = store.decisions(record.id)
    if known is not None and len(decided) != known:
        raise meanwhile(record.id)
    kept = still_wanted(_pairs(record), decided)
    made = promises(seen, framework, model, kept)
    approval = store.approve_plan(record.id, by, of, decided, made)
    return {
        "plan": record.id,
        "status": "approved",
        "approval": _approval(approval),
        "choices": len(kept),
        "refused": len(_pairs(record)) - len(kept),
        "undecided": len(undecided(kept, ((row.mentor_id, row.course_id) for row in decided))),
        "predictions": len(made),
        "note": sentence("An approved plan never changes; its predictions are kept for review."),
    }


def still_wanted(pairs: Sequence[tuple[str, str]], decided: Sequence[Decision]) -> list[tuple[str, str]]:
    """The choices whose newest decision, if there is any, is accept."""
    newest = {(row.mentor_id, row.course_id): row.decision for row in decided}
    return [pair for pair in pairs if newest.get(pair, "accept") == "accept"]


def newest_on(store: Store, plan: int) -> dict[tuple[str, str], dict[str, Any]]:
    """The newest decision on each choice (mentor id, course id) of a plan that somebody decided on."""
    return {(row.mentor_id, row.course_id): _decision(row) for row in store.decisions(plan)}
