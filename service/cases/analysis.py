"""What an analyst can ask beside the model's card: what the model would expect if a mentor's scores were others.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Mapping
from typing import Any

from model.refusals import InputRefused, NotFound
from model.sentences import sentence
from service.installation import Day, Installation


class AnalystCases(Installation):
    """Questions an analyst asks."""

    def what_if_scores(self, mentor_id: str, scores: Mapping[str, float | str], *, as_of: Day = None) -> dict[str, Any]:
        """The growth expected of a mentor's businesses if scores were these: a simulation, nothing is stored.

        ``scores``: area → score 0..100, numbers or text as typed; empty text and areas left out stay as they are.

        Raises:
            NotFound: no mentor has that id.
            InputRefused: an area the model does not know, or no score from 0 to 100.
        """
        from training.learning.engagements import areas_of
        from training.scoring.what_if import what_if

        seen, shelf = self.snapshot(as_of), self.shelf()
        if mentor_id not in set(seen["mentors"]["mentor_id"]):
            raise NotFound(sentence("mentor"), mentor_id)
        model, rows = shelf.needed(), self.rows(seen, shelf)
        assert rows is not None
        given = {area: _score(area, text, model.areas) for area, text in scores.items() if str(text).strip()}
        return {"mentor_id": mentor_id, **what_if(rows, model, areas_of(seen, self.framework), mentor_id, given)}


def _score(area: str, text: float | str, areas: tuple[str, ...]) -> float:
    where = sentence("the score of %(area)s", area=area[:40])
    if area not in areas:
        raise InputRefused(
            sentence("The model does not know the area %(area)s.", area=area[:40]),
            where=where,
            mend=sentence("Choose one of: %(known)s.", known=", ".join(areas)),
        )
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 100:
        raise InputRefused(
            sentence("%(value)s is no score.", value=str(text)[:40]),
            where=where,
            mend=sentence("Write a number from 0 to 100."),
        )
    return value
