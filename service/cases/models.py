"""What a person can ask about published models: learn one, list them, read one and its card, go back.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cases.plans import PlanCases
from service.installation import SEED, Day

if TYPE_CHECKING:
    from service.model_card.form import Card
    from service.models.rows import Ids


class ModelCases(PlanCases):
    """Questions about published models."""

    def train(self, *, outcome: str | None = None, as_of: Day = None) -> dict[str, Any]:
        """Learn, validate and publish a model."""
        from service.models.shelf import learn

        seen = self.snapshot(as_of)
        return learn(
            self.store,
            self.settings.models,
            seen,
            self.framework,
            outcome=outcome,
            seed=SEED,
            progress=self.progress,
        )

    def models(self) -> dict[str, Any]:
        """The published models, the newest first: which one is in use, and whether their files are whole."""
        from service.models import published

        return published.listed(self.store, self.settings.models)

    def model(self, name: str | None = None) -> dict[str, Any]:
        """What training answered for a version (default: the one in use), and what is recorded of it."""
        from service.models import published
        from service.models.shelf import none_yet

        record = self.shelf(name).record
        if record is None:
            raise none_yet()
        return published.told(self.store, record, self.words(self.snapshot())["areas"])

    def model_rows(
        self,
        name: str | None = None,
        *,
        left: int | None = None,
        ids: "Ids | None" = None,
        part: slice = slice(None),
        out: Path | None = None,
        **which: Any,
    ) -> dict[str, Any]:
        """The rows behind the figures of a version's card, from the data that it was learned from, and those figures.

        Args:
            name: of the version (default: the one in use).
            left: number of a reason in the card's list, for the engagements it leaves out; None: those learned from.
            ids: column → the ids in reach (None: all).
            part: of the rows, as a list is shown page by page.
            out: .xlsx, .csv or .json to write all of them to as well.
            which: ``by`` what they are grouped and which ``group`` of these, ``per`` engagement or mentor.
        """
        from service.models import rows

        rows.check_out(out)
        told = self.model(name)
        seen = self.snapshot(told["as_of"], told["data_version"])
        behind = self._cache.get(
            ("model rows", told["model"], left, seen.version, seen.as_of),
            lambda: rows.behind(seen, self.framework, told, left, self.settings.models),
        )
        if out is not None:
            rows.write(rows.answered(told, behind, ids=ids, **which), out, self.settings.language())
        return rows.answered(told, behind, ids=ids, part=part, **which)

    def model_promises(self, name: str | None = None, *, kind: str = "", made: str = "own") -> dict[str, Any]:
        """The kept predictions behind the card's record of past promises, beside what answered them.

        Args:
            name: of the version (default: the one in use).
            kind: growth, outcome, score, pair or pair outcome; empty: of every kind.
            made: own (with this version) or every (with any version, or none).

        Returns:
            ``figures`` as the card tells them (``bias`` of one kind only, for each has its unit) and ``rows``.
        """
        from service.models import promises

        version, seen = self.model(name)["model"], self.snapshot()
        found = promises.rows_of(seen, self.framework, self.store.kept_predictions(), version, kind=kind, made=made)
        return {"model": version, "made": made or "own", "kind": kind, **found}

    def model_card(self, name: str | None = None, *, lang: str | None = None, out: Path | None = None) -> "Card":
        """The card of a version (default: the one in use) in a language; ``out``: also as a file, .md or .pdf."""
        from model.index.verdict import caveat
        from service import model_card
        from service.files.letterhead import letter_of

        model_card.check_out(out)
        spoken = self.settings.language(lang)
        told = self.model(name)
        card = model_card.compose(told, caveat(self.framework.index), spoken, self.promises_held(told["model"]))
        if out is not None:
            model_card.write(card, out, letter_of(self.framework.office), str(told["published"]["as_of"]))
        return card

    def model_card_pdf(self, name: str, *, lang: str | None = None) -> bytes:
        """The card of a version as PDF, in a language."""
        from service.files.letterhead import letter_of
        from service.reports import pdf

        card, record = self.model_card(name, lang=lang), self.shelf(name).record
        return pdf.of_card(card, letter_of(self.framework.office), str(record.as_of if record else ""))

    def roll_back(self, name: str | None = None) -> dict[str, Any]:
        """Go back to the last whole model before the one in use, or bring the named one into use."""
        from service.models import published

        return published.rolled_back(self.store, self.settings.models, name)

    def learned(self) -> dict[str, Any] | None:
        """What training answered for the model in use; None where there is no model."""
        from service.keeping import thaw

        record = self.shelf().record
        return None if record is None else {**thaw(record.answer), **self.words(self.snapshot())}
