"""Composes the card of a published model: its training's stored answer, and how its promises held since."""

from collections.abc import Mapping
from typing import Any

from service.language import Language
from service.model_card import checking, effects, learning, promises
from service.model_card.form import Card, Plain, Section
from service.rendering import render


def compose(told: Mapping[str, Any], caveat: object, lang: Language, held: Mapping[str, Any] | None = None) -> Card:
    """The card in a language.

    Args:
        told: what training answered, with ``areas`` and ``published`` (service/models/published.py).
        caveat: what must be said of the index wherever it could be taken for a measure of mentors.
        lang: of the card.
        held: how past promises held (``Programme.promises_held``); the only part of the card that is of today.
    """
    plain = render(told, lang)
    return Card(
        plain["model"],
        lang.code,
        lang.text("Model card: %(name)s", name=plain["model"]),
        (
            _purpose(lang),
            learning.support(plain, lang),
            effects.effects(plain, lang),
            effects.prior(plain, lang),
            effects.cross_fitted(plain, lang),
            effects.secondary(plain, lang),
            learning.prediction(plain, lang),
            checking.calibration(plain, lang),
            checking.fairness(plain, lang),
            *([] if held is None else [promises.held(render(held, lang), lang, plain["model"])]),
            learning.data(plain, lang),
            _limits(plain, render(caveat, lang), lang),
            _record(plain, lang),
        ),
    )


def _purpose(lang: Language) -> Section:
    return Section(
        lang.text("What it is for"),
        said=(
            lang.text(
                "It tells an office in what training of its mentors may help the businesses they guide, and what "
                "growth to expect. The office decides."
            ),
        ),
        points=(
            lang.text("Not for judging, ranking, paying or dismissing a mentor."),
            lang.text("Not for other cities, programmes or outcomes than the one it was learned from."),
            lang.text("Every range is a 90% range: about one in ten lies outside it."),
        ),
    )


def _limits(told: Plain, caveat: str, lang: Language) -> Section:
    return Section(
        lang.text("Limits"),
        points=(
            *told["limits"],
            lang.text(
                "The index of the paper is not learned from and is no target of learning. %(caveat)s", caveat=caveat
            ),
        ),
    )


def _record(told: Plain, lang: Language) -> Section:
    kept = told["published"]
    made = told.get("made_with")
    without = (f"{lang.text('Made with')}: {lang.text('not kept by the version that learned it.')}",)
    return Section(
        lang.text("For the record"),
        said=() if made else without,
        facts=(
            (lang.text("Model"), told["model"]),
            (lang.text("Learned on"), lang.moment(kept["created_at"])),
            (lang.text("Seed"), str(told["seed"])),
            (lang.text("File"), kept["file"]),
            (lang.text("SHA-256 of the file"), kept["sha256"]),
            *([(lang.text("Made with"), ", ".join(f"{name} {made[name]}" for name in made))] if made else []),
        ),
        points=tuple(lang.text("In use from %(moment)s", moment=lang.moment(moment)) for moment in kept["used_at"]),
    )
