"""Around a finished plan: what could take a place, and what keeps a place out."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.planning.plan_form import Limit, PlanForm, spent

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Standing:
    """A plan seen from the side of single places: counts per course, mentor and mentor × area."""

    def __init__(self, form: PlanForm, chosen: Bools) -> None:
        self.form, self.chosen = form, chosen
        self.cell = form.mentor * (int(form.area.max(initial=0)) + 1) + form.area
        self.per_course = np.bincount(form.course[chosen], minlength=len(form.fixed))
        self.per_mentor = np.bincount(form.mentor[chosen], minlength=int(form.mentor.max(initial=0)) + 1)
        self.per_cell = np.bincount(self.cell[chosen], minlength=int(self.cell.max(initial=0)) + 1)
        self.left = form.budget - spent(form, chosen)

    def replacements(self, row: int) -> Ints:
        """Rows not chosen that could stand in the place of the chosen ``row``, all rules kept but a lock on it."""
        form = self.form
        course = int(form.course[row])
        required = bool(np.any(self.chosen & (form.requires == row)))
        remaining = int(self.per_course[course]) - 1
        same = form.course == course
        freed = int(form.cost[row]) + (int(form.fixed[course]) if remaining == 0 else 0)
        rules = self._rules(
            left=self.left + freed,
            per_course=self.per_course - np.eye(len(form.fixed), dtype=np.int64)[course],
            mentor_used=self.per_mentor[form.mentor] - (form.mentor == form.mentor[row]),
            area_used=self.per_cell[self.cell] - (self.cell == self.cell[row]),
            bought=self.chosen & (np.arange(len(form.mentor)) != row),
            without=row,
        )
        stays = remaining == 0 or remaining >= form.least[course]
        blocked = np.logical_or.reduce(list(rules.values())) | ~(same | stays) | self.chosen
        return np.zeros(0, dtype=np.int64) if required else np.flatnonzero(~blocked)

    def hindrances(self) -> Mapping[str, Bools]:
        """Per rule (area, mentor, seats, prerequisite, least, further limits, budget), which rows it keeps out."""
        return self._rules(
            left=self.left,
            per_course=self.per_course,
            mentor_used=self.per_mentor[self.form.mentor],
            area_used=self.per_cell[self.cell],
            bought=self.chosen,
        )

    def _rules(
        self,
        *,
        left: int,
        per_course: Ints,
        mentor_used: Ints,
        area_used: Ints,
        bought: Bools,
        without: int | None = None,
    ) -> dict[str, Bools]:
        form = self.form
        taken = per_course[form.course]
        price = form.cost + np.where(taken == 0, form.fixed[form.course], 0)
        return {
            "area": area_used > 0,
            "mentor": mentor_used >= form.per_mentor,
            "seats": taken + 1 > form.seats[form.course],
            "prerequisite": (form.requires >= 0) & ~bought[form.requires],
            "least": taken + 1 < form.least[form.course],
            **{limit.name: self._against(limit, without) for limit in form.limits},
            "budget": price > left,
        }

    def _against(self, limit: Limit, without: int | None) -> Bools:
        """Rows that a further limit keeps from being added, or from taking the place of the row ``without``."""
        used = limit.used(self.chosen)
        if without is None:
            return used[limit.group] + limit.weight > limit.high[limit.group]
        used[limit.group[without]] -= limit.weight[without]
        short = int(limit.group[without])
        fills = np.where(limit.group == short, limit.weight, 0.0)
        over: Bools = used[limit.group] + limit.weight > limit.high[limit.group]
        under: Bools = used[short] + fills < limit.low[short]
        return over | under
