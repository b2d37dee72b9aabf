"""Model: the card of the one in use or of any version, and the list of versions."""

from typing import TYPE_CHECKING

from flask import g

from service.guard import needs
from service.pages.frame import page, pages, plain, programme
from service.people.roles import Permission

if TYPE_CHECKING:
    from service.model_card.form import Card


@pages.get("/model")
@needs(Permission.SEE_PROGRAMME)
def model() -> str:
    """The card of the model in use, and every version."""
    name = programme().shelf().name
    return _model(None if name is None else programme().model_card(name, lang=g.lang.code))


@pages.get("/model/<name>")
@needs(Permission.SEE_PROGRAMME)
def model_version(name: str) -> str:
    """The card of one version."""
    return _model(programme().model_card(name, lang=g.lang.code))


def _model(card: "Card | None") -> str:
    return page("model.html", card=plain(card), versions=plain(programme().models())["models"])
