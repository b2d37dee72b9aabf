"""The algorithm-transparency record and the impact assessment, filled from the installation as it stands.

The transparency record follows the order of the public sector's usual standard: in short, who answers for it, how it
advises, data, model, tests, how to object. What only the office can say is a line to fill in.
"""

from collections.abc import Callable, Mapping
from typing import Any

from model.refusals import NotFound
from model.sentences import sentence
from service.files.letterhead import letter_of
from service.language import Language
from service.model_card.form import Section
from service.reports import record_parts as parts
from service.reports.form import Document

Told = Mapping[str, Any]
KINDS = ("transparency", "dpia")
Part = Callable[[Told, Language], Section]

_TRANSPARENCY: tuple[Part, ...] = (
    parts.in_short,
    parts.owner,
    parts.advice,
    parts.data,
    parts.model,
    parts.tests,
    parts.objecting,
    parts.safety,
    parts.duties,
)
_DPIA: tuple[Part, ...] = (
    parts.grounds,
    parts.owner,
    parts.in_short,
    parts.data,
    parts.necessity,
    parts.risks,
    parts.tests,
    parts.objecting,
    parts.safety,
    parts.duties,
    parts.opinion,
)


def kind_of(text: str) -> str:
    """The kind of a record.

    Raises:
        NotFound: there is no such record.
    """
    if text not in KINDS:
        raise NotFound(sentence("record"), text)
    return text


def compose(kind: str, told: Told, office: Any, number: str, lang: Language) -> Document:
    """The record of that kind (transparency or dpia) in a language; ``told`` as surveying.survey gives it."""
    titles = {
        "transparency": lang.text("Algorithm transparency record"),
        "dpia": lang.text("Impact assessment on the protection of personal data"),
    }
    used = {"transparency": _TRANSPARENCY, "dpia": _DPIA}[kind]
    return Document(
        kind=kind,
        lang=lang.code,
        title=titles[kind],
        subtitle=lang.text("Suluh: advice on training and matching of mentors"),
        day=told["as_of"].isoformat(),
        letter=letter_of(office, number),
        about=(
            (lang.text("Data version"), lang.number(told["data_version"])),
            (lang.text("Data seen as they stood on"), lang.day(told["as_of"])),
            (lang.text("Model"), told["model"] or lang.text("none")),
            (lang.text("Framework"), lang.show(told["framework"])),
        ),
        sections=tuple(part(told, lang) for part in used),
    )
