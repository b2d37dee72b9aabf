"""What a person can ask about one engagement that is told in plain values, whether there is such a one or not.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.snapshot import Snapshot
from model.framework import Area, Framework
from model.sentences import sentence
from service.installation import Day, Installation, standing_of
from service.language import Language

if TYPE_CHECKING:
    from service.models.shelf import Shelf
    from training.scoring.scorer import Scorer


class ScoreCases(Installation):
    """Questions about single engagements in plain values."""

    def score(self, *, mentor: str | None = None, as_of: Day = None) -> dict[str, Any]:
        """Where each mentor stands (or one of them); works without a model."""
        from training.scoring.scoring import score

        seen, shelf = self.snapshot(as_of), self.shelf()
        answer = self._cache.get(
            ("score", mentor, seen.version, seen.as_of, shelf.name),
            lambda: score(
                seen,
                self.framework,
                shelf.model,
                mentor,
                index=self._about_mentors(seen, mentor),
                rows=self.rows(seen, shelf),
            ),
        )
        names = dict(zip(seen["mentors"]["mentor_id"], seen["mentors"]["name"], strict=True))
        named = [{"mentor_id": row["mentor_id"], "name": names[row["mentor_id"]], **row} for row in answer["mentors"]]
        told = {"hindsight": shelf.hindsight(seen.as_of), **standing_of(seen)}
        return {**answer, "mentors": named, **self.words(seen), **told}

    def _about_mentors(self, seen: Snapshot, mentor: str | None) -> dict[str, dict[str, Any]]:
        """The index about each mentor (or one), with warnings and caveat, and the delivery rate with its range."""
        from training.indexing import mentor_verdicts

        if not len(seen["responses"]):
            none = sentence("There are no answers about this mentor.")
            lacking: dict[str, Any] = {
                "respondents": 0,
                "ks": None,
                "band": None,
                "verdict": None,
                "reason": none,
                "warnings": [],
            }
            return {mentor: {"index": lacking, "delivery_rate": None} for mentor in seen["mentors"]["mentor_id"]}
        shown = ("respondents", "ks", "band", "verdict", "reason", "warnings", "caveat")
        return {
            group.group: {
                "index": {name: getattr(group, name) for name in shown},
                "delivery_rate": group.delivery_rate,
                "delivery_low": group.delivery_low,
                "delivery_high": group.delivery_high,
            }
            for group in mentor_verdicts(seen, self.framework, mentor)
        }

    def explain_mentor(
        self, mentor_id: str, *, against: str | None = None, as_of: Day = None, out: Path | None = None
    ) -> dict[str, Any]:
        """The reasons behind a mentor's expected growth, or behind its difference from another mentor's.

        ``out``: also as shap's waterfall, .png or .svg.
        """
        from training.scoring.explaining import explain_mentor

        seen, shelf = self.snapshot(as_of), self.shelf()
        answer = self._cache.get(
            ("explain mentor", mentor_id, against, seen.version, seen.as_of, shelf.name),
            lambda: explain_mentor(
                seen, self.framework, shelf.needed(), mentor_id, against, rows=self.rows(seen, shelf)
            ),
        )
        self._draw(answer, mentor_id, out)
        return answer

    def explain_engagement(
        self, engagement_id: str, *, against: str | None = None, as_of: Day = None, out: Path | None = None
    ) -> dict[str, Any]:
        """The reasons behind an engagement's expected growth, or behind its difference from another's.

        Beside them the 90 % range of the expectation, and what was observed since (``observed``, ``inside``).

        ``out``: also as shap's waterfall, .png or .svg.
        """
        from training.scoring.explaining import explain_engagement
        from training.scoring.observed import beside_observed

        seen, shelf = self.snapshot(as_of), self.shelf()
        model, rows = shelf.needed(), self.rows(seen, shelf)
        answer = explain_engagement(seen, self.framework, model, engagement_id, against, rows=rows)
        answer |= beside_observed(seen, self.framework, model, engagement_id, answer["value"])
        self._draw(answer, engagement_id, out)
        return answer

    def _draw(self, explained: dict[str, Any], subject: str, out: Path | None) -> None:
        if out is None:
            return
        from service.models.plotting import form_of, waterfall, write

        form, lang = form_of(out), self.settings.language()
        write(waterfall(explained, subject, self.shelf().needed(), lang, form), out)

    def scorer(self, lang: Language | None = None) -> "Scorer":
        """What answers for single engagements by the model in use, in sentences or in a language; made once for each.

        Raises:
            ModelRefused: no model has been learned yet.
        """
        from training.scoring.scorer import Scorer
        from training.scoring.standing import Words

        shelf, shown = self.shelf(), {} if lang is None else {"show": lang.show}
        return self._cache.get(
            ("scorer", shelf.name, lang and lang.code),
            lambda: Scorer(shelf.needed(), Words(_areas_of(shelf, self.framework), self.framework.sector), **shown),
        )

    def score_one(
        self,
        scores: Mapping[str, float | None],
        needs: Collection[str] = (),
        facts: Mapping[str, Any] | None = None,
        *,
        lang: Language | None = None,
    ) -> dict[str, Any]:
        """What growth to expect of one engagement, in which 90 % range, why, and what about it is unusual.

        Args:
            scores: area → score 0..100 of the mentor; an area left out counts as not assessed.
            needs: areas the business has a need in.
            facts: what else is known: turnover, mentor_turnover, business_age, start_quarter, sector, district.
            lang: labels are text in it already, which is quicker for many answers.

        Raises:
            InputRefused: an area or fact the model does not know, or a value it cannot have.
            ModelRefused: no model has been learned yet.
        """
        scorer = self.scorer(lang)
        answer = scorer.score(scores, needs, facts or {})
        return {**answer, "reasons": scorer.reasons(answer)}


def _areas_of(shelf: "Shelf", framework: Framework) -> Mapping[str, Area]:
    """The areas as they were called when the model learned, so that no table need be read."""
    from service.keeping import thaw

    kept = thaw(shelf.record.answer).get("areas", {}) if shelf.record else {}
    named = {code: Area(code, area["label"], area["standard"]) for code, area in kept.items()}
    return named or framework.areas
