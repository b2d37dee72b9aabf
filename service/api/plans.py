"""Training plans: made, looked at, compared, decided on, approved; and how past promises held."""

from typing import Any

from flask import Response, url_for

from service.api.answers.plans import (
    Approved,
    Assessments,
    Comparison,
    Curve,
    Decided,
    Plan,
    Plans,
    PlanStanding,
    Review,
    WhatIf,
)
from service.api.answers.work import Job
from service.api.asking import (
    CurveBody,
    DecisionBody,
    LimitsBody,
    LongHeader,
    Nothing,
    Paging,
    PairQuery,
    PlanBody,
    PlanPath,
    Seen,
    Spoken,
    WhatIfBody,
    WriteHeader,
)
from service.api.jobs import taken_on
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, signed, told
from service.guard import check_pair, user
from service.plans.words import part_of, told_in_part


@api.get("/plans", **told("Plans", Plans))
@needs(Permission.SEE_PLANS)
def plans(query: Paging) -> Response:
    """The stored plans, the newest first."""
    return answered(lambda: programme().plans(), page=("plans", query))


@api.post("/plans", **told("Plans", Plan, writes=True, status=201, also={202: Job}))
@needs(Permission.MAKE_PLANS)
def make_plan(header: LongHeader, query: Spoken, body: PlanBody) -> Response:
    """Make and store a training plan under a budget; the very same plan asked for again keeps its number."""
    del query
    asked = _asked(body)
    if header.later:
        return taken_on("plan", **asked)
    answer = programme().plan(**asked)
    made = reply(answer, 201)
    made.headers["Location"] = url_for("api.plan", plan_id=answer["plan"])
    return made


_NAMES = {
    "budget_idr": "budget",
    "max_courses_per_mentor": "most",
    "hours_per_mentor": "hours",
    "points": "budgets",
}
"""Names of the answer's fields that the use cases take by other names."""


def _asked(body: LimitsBody) -> dict[str, Any]:
    return {_NAMES.get(name, name): value for name, value in body.model_dump().items()}


STATUS = "Suluh-Status"
"""Header of a plan as it was made: the body is what was stored, byte for byte, and says nothing of what came after."""
_STANDS = {
    STATUS: "draft or approved.",
    "Link": "Where its status, its approval and the decisions on it are told (rel=status, RFC 8631).",
}


@api.get("/plans/<plan_id>", **told("Plans", Plan, 404, headers=_STANDS))
@needs(Permission.SEE_PLANS)
def plan(path: PlanPath, query: Spoken) -> Response:
    """A stored plan as it was made; its headers say whether it is approved by now, and where that is told."""
    del query
    status = programme().plan_status(path.plan_id)
    made = answered(lambda: told_in_part(programme().stored_plan(path.plan_id), user().districts))
    made.headers[STATUS] = status
    made.headers["Link"] = f'<{url_for("api.plan_standing", plan_id=path.plan_id)}>; rel="status"'
    return made


@api.get("/plans/<plan_id>/standing", **told("Plans", PlanStanding, 404))
@needs(Permission.SEE_PLANS)
def plan_standing(path: PlanPath, query: Spoken) -> Response:
    """A stored plan with its status, who approved it and every decision on it."""
    del query
    return answered(lambda: told_in_part(programme().show_plan(path.plan_id), user().districts))


@api.get("/plans/<plan_id>/comparison", **told("Plans", Comparison, 404))
@needs(Permission.SEE_PLANS)
def compare_plans(path: PlanPath, query: PairQuery) -> Response:
    """What differs from this plan to another: inputs, choices, cost, benefit."""
    return answered(lambda: part_of(programme().compare_plans(path.plan_id, query.other), user().districts))


@api.post("/plans/<plan_id>/decisions", **told("Plans", Decided, writes=True, status=201))
@needs(Permission.DECIDE)
def decide_plan(header: WriteHeader, path: PlanPath, query: Spoken, body: DecisionBody) -> Response:
    """Record what is decided about one choice of a plan: accept, change or refuse."""
    del header, query
    check_pair(body.choice)
    said = {**signed(), "reason": body.reason}
    return reply(programme().decide_plan(path.plan_id, body.choice, body.decision, **said), 201)


@api.post("/plans/<plan_id>/approval", **told("Plans", Approved, writes=True, status=201))
@needs(Permission.APPROVE)
def approve_plan(header: WriteHeader, path: PlanPath, query: Spoken, body: Nothing) -> Response:
    """Approve a plan: it never changes again, and its predictions are kept."""
    del header, query, body
    return reply(programme().approve_plan(path.plan_id, **signed()), 201)


@api.get("/review", **told("Plans", Review))
@needs(Permission.SEE_PLANS)
def review(query: Seen) -> Response:
    """How the predictions of approved plans held: growth, scores, each plan's sum."""
    return answered(lambda: programme().review(as_of=query.as_of))


@api.post("/plan-curve", **told("Plans", Curve, 404, 409, 413, 415, 422))
@needs(Permission.SEE_PLANS)
def plan_curve(query: Spoken, body: CurveBody) -> Response:
    """Benefit against budget, and what a little more would buy; nothing is stored."""
    del query
    return reply(programme().plan_curve(**_asked(body)))


@api.post("/assess-first", **told("Plans", Assessments, 404, 409, 413, 415, 422))
@needs(Permission.SEE_PLANS)
def assess_first(query: Spoken, body: PlanBody) -> Response:
    """Which new assessments would be worth most to the plan for a budget; nothing is stored."""
    del query
    return reply(programme().assess_first(**_asked(body)))


@api.post("/plans/<plan_id>/what-if", **told("Plans", WhatIf, 404, 409, 413, 415, 422))
@needs(Permission.SEE_PLANS)
def plan_what_if(path: PlanPath, query: Spoken, body: WhatIfBody) -> Response:
    """What a stored plan would be with changes, as a simulation; nothing is stored."""
    del query
    given = {name: value for name, value in _asked(body).items() if value not in (None, [])}
    return reply(told_in_part(programme().plan_what_if(path.plan_id, **given), user().districts))
