"""What a person can ask about a plan once it is there: show, compare, decide, approve, and how past promises held.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.store.records import PlanRecord
from service.installation import SEED, Day, Installation

if TYPE_CHECKING:
    from training.planning.preparing import Prepared


class PlanCases(Installation):
    """Questions about plans."""

    def plan(self, *, budget: int | str, as_of: Day = None, out: Path | None = None, **options: Any) -> dict[str, Any]:
        """Make and store a training plan.

        ``options``: most (courses per mentor), risk (mean or cautious), lock and forbid (MENTOR:COURSE texts), hours
        (most JP for one mentor), floor (DISTRICT:N texts) and area_cap (AREA:N texts).
        """
        from service.files.letterhead import letter_of
        from service.plans import request, stored

        asked = request.request(budget, seed=SEED, **options)
        stored.check_out(out)
        answer = stored.make_and_keep(self.store, self.prepared(as_of), self.shelf(), asked, self.progress)
        if out is not None:
            letter = letter_of(self.framework.office)
            stored.write(answer, out, self.settings.language(), letter)
        return answer

    def stored_plan(self, plan_id: int | str) -> dict[str, Any]:
        """A stored plan as it was given."""
        from service.plans import stored

        return stored.as_stored(stored.stored(self.store, plan_id))

    def plan_status(self, plan_id: int | str) -> str:
        """Draft or approved."""
        from service.plans import deciding, stored

        return str(deciding.standing(self.store, stored.stored(self.store, plan_id).id)["status"])

    def rerun_plan(self, plan_id: int | str) -> dict[str, Any]:
        """Make a stored plan again from the data version, day, model and seed it was made of: the same bytes."""
        from service.models.shelf import Shelf
        from service.plans import stored

        record = stored.stored(self.store, plan_id)
        return self._cache.get(
            ("plan", record.id),
            lambda: stored.again(
                record,
                self.prepared_for(record),
                self.shelf(record.model) if record.model else Shelf(),
                self.progress,
            ),
        )

    def plans(self) -> dict[str, Any]:
        """The stored plans, the newest first."""
        kept, approved = self.store.plans(), self.store.approved_plans()
        return {
            "plans": [
                {
                    "plan": record.id,
                    "as_of": record.as_of,
                    "created_at": record.created_at,
                    **record.request,
                    "status": "approved" if record.id in approved else "draft",
                }
                for record in kept
            ]
        }

    def prepared(self, as_of: Day = None) -> "Prepared":
        """All that plans of a day have in common, made once: tables, candidates and their values."""
        from training.planning.preparing import prepare

        seen, shelf = self.snapshot(as_of), self.shelf()
        effects = shelf.model.effects if shelf.model else None
        key = ("prepared", seen.version, seen.as_of, shelf.name, self.seed)
        return self._cache.get(key, lambda: prepare(seen, self.framework, effects, self.seed))

    def prepared_for(self, record: PlanRecord) -> "Prepared":
        """The same for the data version, day, model and seed that a stored plan was made of."""
        from training.planning.preparing import prepare

        seen = self.snapshot(record.as_of, record.data_version)
        model = self.shelf(record.model).model if record.model else None
        key = ("prepared", seen.version, seen.as_of, record.model, record.seed)
        effects = model.effects if model else None
        return self._cache.get(key, lambda: prepare(seen, self.framework, effects, record.seed))

    def plan_what_if(self, plan_id: int | str, **changes: Any) -> dict[str, Any]:
        """What a stored plan would be with changes; nothing is stored.

        Args:
            plan_id: the stored plan; its data version, day, model and seed hold.
            changes: budget, most, risk; lock, forbid and free (MENTOR:COURSE texts, added to the plan's own or taken
                from them); hours, floor (DISTRICT:N texts) and area_cap (AREA:N texts) in place of the plan's own;
                seats (COURSE:N texts). What is not given stays.

        Returns:
            a plan's answer with ``simulation`` True, ``plan`` None, ``base`` (the stored plan's number), a ``note``
            that nothing is stored, and ``compare``: the stored plan beside this one, as :meth:`compare_plans` gives it.
        """
        from service.models.shelf import Shelf
        from service.plans import simulating, stored

        record = stored.stored(self.store, plan_id)
        shelf = self.shelf(record.model) if record.model else Shelf()
        return simulating.what_if(record, self.prepared_for(record), shelf, self.progress, **changes)

    def plan_curve(
        self, *, budget: int | str, budgets: Sequence[int | str] = (), as_of: Day = None, **options: Any
    ) -> dict[str, Any]:
        """Benefit against budget, the marginal rupiah at each point, and what a little more would buy.

        Args:
            budget: the budget asked; "10 percent more" and "one more seat" start from it.
            budgets: the points; without any, shares of the budget from a quarter to twice of it.
            as_of: day the data are seen on.
            options: as for a plan (most, risk, lock, forbid, hours, floor, area_cap).

        Returns:
            ``points``: per budget ``cost_idr``, ``places``, ``value``, ``benefit``, ``turnover_idr``, ``gap``,
            ``marginal`` (``value_per_million``), ``step`` (``value_per_million``, ``turnover_per_rupiah`` since the
            point before), ``reason`` where nothing can be bought. ``more``: 10 percent more budget and one more seat in
            each full course, each with ``what``, ``value``, ``cost_idr``, ``benefit``, ``turnover_idr``,
            ``within_noise``, ``added`` and ``dropped`` pairs. Nothing is stored.
        """
        from service.plans.request import request, rupiah
        from training.planning.curve import budget_curve

        asked = request(budget, seed=self.seed, **options)
        return budget_curve(self.prepared(as_of), asked, [rupiah(point) for point in budgets])

    def assess_first(self, *, budget: int | str, as_of: Day = None, **options: Any) -> dict[str, Any]:
        """Which new assessments would most change the plan for a budget: their expected worth, most first.

        Args:
            budget: of the plan that the assessments would serve.
            as_of: day the data are seen on.
            options: as for a plan (most, risk, lock, forbid, hours, floor, area_cap).

        Returns:
            ``assessments``: each with ``mentor_id``, ``mentor_name``, ``area``, ``area_label``, ``score`` (None: never
            assessed), ``worth`` (mean and 90 % range, in the plan's value), ``turnover_idr``, ``chance`` (that the plan
            changes), ``evidence``, ``reasons``, ``runner_up``, ``what_would_change``, ``decides``. Nothing is stored.
        """
        from service.plans.request import request
        from training.planning.assessing import assess_first

        return assess_first(self.prepared(as_of), request(budget, seed=self.seed, **options))

    def show_plan(self, plan_id: int | str, *, out: Path | None = None) -> dict[str, Any]:
        """A stored plan with its status (draft or approved), who approved it, and the decisions on its choices.

        ``repeated``: its places that an approved plan holds already and that are not done yet. ``since_made``: of a
        draft, that data or model have changed since.
        """
        from service.files.letterhead import letter_of
        from service.plans import deciding, stored
        from service.plans.repeated import repeated

        stored.check_out(out)
        answer = deciding.shown(self.store, plan_id)
        if out is not None:
            stored.write(answer, out, self.settings.language(), letter_of(self.framework.office))
        wanted = deciding.wanted(self.store, stored.stored(self.store, plan_id))
        since = self.since_made(stored.stored(self.store, plan_id)) if answer["status"] == "draft" else None
        repeats = repeated(self.store, self.snapshot(), answer["plan"], wanted)
        return {**answer, "repeated": repeats, "since_made": since}

    def compare_plans(self, first: int | str, second: int | str) -> dict[str, Any]:
        """What differs between two stored plans: inputs, choices, cost and benefit."""
        from service.plans import comparing, stored

        return comparing.compare(*(stored.as_stored(stored.stored(self.store, plan_id)) for plan_id in (first, second)))

    def decide_plan(self, plan_id: int | str, choice: str, decision: str, **told: Any) -> dict[str, Any]:
        """Record a decision (accept, change, refuse) on a choice MENTOR:COURSE.

        ``told``: name, role, reason, and known (how many decisions on the choice the person had seen).
        """
        from service.plans import deciding

        return deciding.decide(self.store, plan_id, choice, decision, **told)

    def approve_plan(self, plan_id: int | str, **by: Any) -> dict[str, Any]:
        """Approve a plan: it never changes again, and its predictions are kept.

        ``by``: name, role, and known (how many decisions on the plan the person had seen).
        ``repeated``: its places that an approved plan holds already and that are not done yet.
        """
        from service.models.shelf import Shelf
        from service.plans import deciding, stored
        from service.plans.repeated import repeated

        record = stored.stored(self.store, plan_id)
        deciding.refuse_approved(self.store, record.id)
        shelf = self.shelf(record.model) if record.model else Shelf()
        seen = self.snapshot(record.as_of, record.data_version)
        answer = deciding.approve(self.store, record, seen, self.framework, shelf.model, **by)
        wanted = deciding.wanted(self.store, record)
        return {**answer, "repeated": repeated(self.store, self.snapshot(), record.id, wanted)}

    def review(self, *, as_of: Day = None, version: int | None = None) -> dict[str, Any]:
        """How the predictions of approved plans held: growth, scores after a course, each plan's sum."""
        from training.planning.reviewing import review

        seen = self.snapshot(as_of, version)
        kept = self.store.kept_predictions()
        return {**review(seen, self.framework, kept), "data_version": seen.version, "as_of": seen.as_of}

    def promises_held(self, model: str) -> dict[str, Any]:
        """By kind, how the predictions made with a version of the model held, and all: as of the newest data."""
        from training.planning.reviewing import UPLIFT, review_by_kind

        seen = self.snapshot()
        found = review_by_kind(seen, self.framework, self.store.kept_predictions(), model)
        return {**found, "uplift": UPLIFT, "data_version": seen.version, "as_of": seen.as_of}
