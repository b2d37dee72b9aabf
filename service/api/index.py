"""The programme's index, and whether the service is well."""

from flask import Response

from service.api.answers.common import Health
from service.api.answers.index import Index
from service.api.asking import IndexQuery, Spoken
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, told


@api.get("/health", **told("Service", Health))
@needs(Permission.ANYONE)
def health(query: Spoken) -> Response:
    """Whether the store answers, its data version, and whether the published model could be taken."""
    del query
    return reply(programme().health())


@api.get("/index", **told("Index", Index, 409))
@needs(Permission.SEE_PROGRAMME)
def index(query: IndexQuery) -> Response:
    """The index with its companions, by programme, district or mentor; never ranked."""
    also = ("group",) if query.by == "mentor" else ()
    return answered(lambda: programme().index(by=query.by, as_of=query.as_of), also=also)
