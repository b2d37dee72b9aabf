"""What a person can ask about objections: raise one, see them, answer one.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from typing import Any

from service.installation import Installation


class ObjectionCases(Installation):
    """Questions about what mentors object to."""

    def objections(self, *, mentor: str | None = None) -> dict[str, Any]:
        """Every objection and request for correction (of one mentor), with its answer; how many are open."""
        from service import objecting

        return objecting.objections(self.store, mentor)

    def open_objections(self) -> dict[str, Any]:
        """The objections that nobody has answered yet, the oldest first."""
        from service import objecting

        return objecting.objections(self.store, only_open=True)

    def advice_about(self, mentor: str) -> list[dict[str, Any]]:
        """What the approved plans, the newest plan and the published matchings advise about a mentor, newest first."""
        from service import objecting

        return objecting.advice_about(self.store, mentor)

    def raise_objection(self, **told: Any) -> dict[str, Any]:
        """Record an objection of a mentor.

        ``told``: mentor_id, kind (objection, correction), about (record, plan, match), source (number of the plan or
        matching), subject (course or business in it), said, name, role.
        """
        from service import objecting

        return objecting.raise_objection(self.store, self.snapshot(), told)

    def answer_objection(self, objection: int | str, **told: Any) -> dict[str, Any]:
        """Record the answer, once and for good: outcome (upheld, refused, noted), said, name, role."""
        from service import objecting

        return objecting.answer(self.store, objection, told)
