"""The published models: which there are, what one says, its card, going back to an earlier one."""

from flask import Response, g

from service import guard
from service.api.answers.models import Card, Model, Models, Promises, RolledBack, Rows
from service.api.answers.work import Job
from service.api.asking import ModelPath, Paging, PromisesQuery, RollbackBody, RowsQuery, Spoken, TrainBody, WriteHeader
from service.api.jobs import taken_on
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, told
from service.models.rows_asked import which


@api.get("/models", **told("Models", Models))
@needs(Permission.SEE_PROGRAMME)
def models(query: Paging) -> Response:
    """The published models, the newest first: which one is in use, and whether its file is whole."""
    return answered(lambda: programme().models(), page=("models", query))


@api.get("/models/<name>", **told("Models", Model, 404, 409))
@needs(Permission.SEE_PROGRAMME)
def model(path: ModelPath, query: Spoken) -> Response:
    """What training answered for a version, and what is recorded of it."""
    del query
    return answered(lambda: programme().model(path.name))


@api.get("/models/<name>/card", **told("Models", Card, 404, 409))
@needs(Permission.SEE_PROGRAMME)
def model_card(path: ModelPath, query: Spoken) -> Response:
    """The card of a version."""
    del query
    return answered(lambda: programme().model_card(path.name, lang=g.lang.code))


@api.get("/models/<name>/rows", **told("Models", Rows, 404, 409, 422))
@needs(Permission.SEE_BUSINESSES)
def model_rows(path: ModelPath, query: RowsQuery) -> Response:
    """The rows behind figures of the card, and these figures reckoned from them."""
    asked = which(query.model_dump(include={"left", "by", "group", "per"}, exclude_none=True))
    if asked.sums:
        guard.require(Permission.SEE_PROGRAMME)
    ids = guard.reach().ids
    return answered(lambda: programme().model_rows(path.name, ids=ids, **asked.given()), page=("rows", query))


@api.get("/models/<name>/promises", **told("Models", Promises, 404, 409))
@needs(Permission.SEE_PLANS)
def model_promises(path: ModelPath, query: PromisesQuery) -> Response:
    """The kept predictions behind the card's record of past promises; figures are of the whole programme."""
    asked = {"kind": query.kind or "", "made": query.made}
    return answered(lambda: programme().model_promises(path.name, **asked), page=("rows", query))


@api.post("/models/rollback", **told("Models", RolledBack, writes=True))
@needs(Permission.MANAGE_MODELS)
def roll_back(header: WriteHeader, query: Spoken, body: RollbackBody) -> Response:
    """Go back to the last whole model before the one in use, or bring the named one into use."""
    del header, query
    return reply(programme().roll_back(body.model))


@api.post("/models", **told("Models", Job, writes=True, status=202))
@needs(Permission.TRAIN)
def train(header: WriteHeader, query: Spoken, body: TrainBody) -> Response:
    """Learn, validate and publish a model, as a job; the job's answer is that of the command train."""
    del header, query
    return taken_on("train", outcome=body.outcome, as_of=body.as_of)
