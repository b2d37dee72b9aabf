"""What a person can ask about one engagement that is told in plain values, whether there is such a one or not.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from model.framework import Area, Framework
from service.cache import Cache

if TYPE_CHECKING:
    from service.shelf import Shelf
    from training.scoring.scorer import Scorer


class Rooms(Protocol):
    """What these questions stand on."""

    _cache: Cache

    @property
    def framework(self) -> Framework:
        """The office's framework."""

    def shelf(self, name: str | None = None) -> "Shelf":
        """The published model."""

    def scorer(self) -> "Scorer":
        """What answers for single engagements by the model in use."""


class ScoreCases:
    """Questions about single engagements in plain values."""

    def scorer(self: Rooms) -> "Scorer":
        """What answers for single engagements by the model in use; made once per model.

        Raises:
            ModelRefused: no model has been learned yet.
        """
        from training.scoring.scorer import Scorer

        shelf = self.shelf()
        return self._cache.get(("scorer", shelf.name), lambda: Scorer(shelf.needed(), _areas_of(shelf, self.framework)))

    def score_one(
        self: Rooms,
        scores: Mapping[str, float | None],
        needs: Collection[str] = (),
        facts: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What growth to expect of one engagement, in which 90 % range, why, and what about it is unusual.

        Args:
            scores: area → score 0..100 of the mentor; an area left out counts as not assessed.
            needs: areas the business has a need in.
            facts: what else is known: turnover, mentor_turnover, business_age, start_quarter, sector, district.

        Raises:
            InputRefused: an area or fact the model does not know, or a value it cannot have.
            ModelRefused: no model has been learned yet.
        """
        scorer = self.scorer()
        answer = scorer.score(scores, needs, facts or {})
        return {**answer, "reasons": scorer.reasons(answer)}


def _areas_of(shelf: "Shelf", framework: Framework) -> Mapping[str, Area]:
    """The areas as they were called when the model learned, so that no table need be read."""
    from service.keeping import thaw

    kept = thaw(shelf.record.answer).get("areas", {}) if shelf.record else {}
    named = {code: Area(code, area["label"], area["standard"]) for code, area in kept.items()}
    return named or framework.areas
