"""The intake desk: the best mentor for a business that comes in now, and what was decided on that advice."""

from typing import Annotated, Literal

from flask import Response, url_for
from pydantic import Field

from service.api.answers.desk import Desk, DeskDecision, DeskDecisions
from service.api.asking import Asked, Body, Day, Identifier, Number, Paging, Spoken, WriteHeader
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, signed, told
from service.guard import check_desk, check_desk_decision, user


class DeskAsked(Body):
    """A business that comes in now."""

    district: Identifier
    needs: list[Identifier] = Field([], max_length=50, description="Its problem codes.")
    sector: Identifier | None = Field(None, description="Its sector, where rules of sector are given.")


class DeskBody(DeskAsked):
    """A business that comes in now, and the day to look at the data."""

    as_of: Day | None = None


class DeskDecisionBody(DeskAsked):
    """A decision on the desk's advice of this moment."""

    decision: Literal["accept", "change", "refuse"]
    business: Identifier = Field(description="Id under which it is or will be registered; no name, no NIK.")
    mentor: Identifier | None = Field(None, description="Whom it gets; none where the advice is refused.")
    mark: Identifier | None = Field(
        None, description="Mark of the advice that was seen: refused where it is another by now."
    )
    reason: str = Field("", max_length=2000, description="Why; needed unless the decision is accept.")


class DeskPath(Asked):
    """Address of a decision of the desk."""

    number: Number


class WithdrawBody(Body):
    """A decision that no longer holds."""

    reason: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


@api.post("/intake-desk", **told("Intake desk", Desk, 404, 409, 413, 415, 422))
@needs(Permission.SEE_PLANS)
def intake_desk(query: Spoken, body: DeskBody) -> Response:
    """The best mentors with a free place for one business that comes in now; nothing is stored."""
    del query
    return reply(programme().best_mentor(**body.model_dump()))


@api.get("/intake-desk/decisions", **told("Intake desk", DeskDecisions))
@needs(Permission.SEE_PLANS)
def desk_decisions(query: Paging) -> Response:
    """What was decided at the desk, the newest first, and how it stands."""
    districts = user().districts
    return answered(lambda: programme().desk_decisions(districts=districts), page=("decisions", query))


@api.post("/intake-desk/decisions", **told("Intake desk", DeskDecision, writes=True, status=201))
@needs(Permission.DECIDE)
def decide_desk(header: WriteHeader, query: Spoken, body: DeskDecisionBody) -> Response:
    """Accept the desk's advice, take another mentor, or refuse it; the mentor's place counts as taken from then on."""
    del header, query
    check_desk(body.district, body.business, body.mentor)
    answer = programme().decide_desk(**body.model_dump(), **signed())
    made = reply(answer, 201)
    made.headers["Location"] = url_for("api.desk_decision", number=answer["desk"])
    return made


@api.get("/intake-desk/decisions/<number>", **told("Intake desk", DeskDecision, 404))
@needs(Permission.SEE_PLANS)
def desk_decision(path: DeskPath, query: Spoken) -> Response:
    """A decision of the desk with the advice as it was then."""
    del query
    row = programme().desk_decision(path.number, districts=user().districts)
    check_desk_decision(row)
    return answered(lambda: row)


@api.post("/intake-desk/decisions/<number>/withdrawal", **told("Intake desk", DeskDecision, writes=True, status=201))
@needs(Permission.DECIDE)
def withdraw_desk(header: WriteHeader, path: DeskPath, query: Spoken, body: WithdrawBody) -> Response:
    """Withdraw a decision that gave a mentor: the place is free again."""
    del header, query
    check_desk_decision(programme().desk_decision(path.number, districts=user().districts))
    return reply(programme().withdraw_desk(path.number, reason=body.reason, **signed()), 201)
