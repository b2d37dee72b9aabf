"""What a person can ask about a plan once it is there: show, compare, decide, approve, and how past promises held.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from data.snapshot import Snapshot
from data.store.store import Store
from model.framework import Framework

if TYPE_CHECKING:
    from service.shelf import Shelf

Day = date | str | None


class Rooms(Protocol):
    """What these questions stand on."""

    @property
    def framework(self) -> Framework:
        """The office's framework."""

    @property
    def store(self) -> Store:
        """The store."""

    def snapshot(self, as_of: Day = None, version: int | None = None) -> Snapshot:
        """The tables as seen on a day."""

    def shelf(self, name: str | None = None) -> "Shelf":
        """The published model."""


class PlanCases:
    """Questions about stored plans."""

    def show_plan(self: Rooms, plan_id: int | str) -> dict[str, Any]:
        """A stored plan with its status (draft or approved), who approved it, and the decisions on its choices."""
        from service import deciding

        return deciding.shown(self.store, plan_id)

    def compare_plans(self: Rooms, first: int | str, second: int | str) -> dict[str, Any]:
        """What differs between two stored plans: inputs, choices, cost and benefit."""
        from service import comparing, plans

        return comparing.compare(*(plans.as_stored(plans.stored(self.store, plan_id)) for plan_id in (first, second)))

    def decide_plan(self: Rooms, plan_id: int | str, choice: str, decision: str, **told: str) -> dict[str, Any]:
        """Record a decision (accept, change, refuse) on a choice MENTOR:COURSE; ``told``: name, role, reason."""
        from service import deciding

        return deciding.decide(self.store, plan_id, choice, decision, **told)

    def approve_plan(self: Rooms, plan_id: int | str, *, name: str, role: str) -> dict[str, Any]:
        """Approve a plan: it never changes again, and its predictions are kept."""
        from service import deciding, plans
        from service.shelf import Shelf

        record = plans.stored(self.store, plan_id)
        deciding.refuse_approved(self.store, record.id)
        shelf = self.shelf(record.model) if record.model else Shelf()
        seen = self.snapshot(record.as_of, record.data_version)
        return deciding.approve(self.store, record, seen, self.framework, shelf.model, name=name, role=role)

    def review(self: Rooms, *, as_of: Day = None) -> dict[str, Any]:
        """How the predictions of approved plans held: growth, scores after a course, each plan's sum."""
        from training.planning.reviewing import review

        seen = self.snapshot(as_of)
        kept = self.store.kept_predictions()
        return {**review(seen, self.framework, kept), "data_version": seen.version, "as_of": seen.as_of}
