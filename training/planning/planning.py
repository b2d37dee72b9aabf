"""Makes the training plan: tables → candidates → values → the best choice under all rules → an answer with reasons."""

import numpy as np

from data.snapshot import Snapshot
from model.effects import LearnedEffects
from model.framework import Framework
from model.planning.gains import Z90
from model.planning.plan_form import PlanForm, best_plan, spent
from model.planning.selection import TIME_LIMIT, Infeasible, Solution, Unsolved
from model.planning.swaps import Standing
from model.progress import Progress, silent
from model.refusals import PlanRefused
from model.sentences import Number, sentence
from training.planning.candidates import Candidates, LeftOut, list_candidates
from training.planning.choices import basis_note, caution, choices_of, fixed_costs, gain_rows
from training.planning.locks import check_ids, check_locks, check_request, refuse_empty, refuse_infeasible
from training.planning.plan import Plan, PlanRequest
from training.planning.plan_tables import PlanTables, read_tables
from training.planning.reasons import Scene
from training.planning.rivals import not_bought
from training.planning.values import EffectValues, StandardValues, value_candidates
from training.planning.worth import worth_buying

__all__ = ["Plan", "PlanRequest", "make_plan"]


def make_plan(
    snapshot: Snapshot,
    framework: Framework,
    model: LearnedEffects | None,
    request: PlanRequest,
    *,
    progress: Progress = silent,
) -> Plan:
    """The best training plan for a request; the same inputs give the same plan.

    Args:
        snapshot: the stored tables on the as-of day.
        framework: areas, standards and problem codes of the office.
        model: effects of the published model, None where there is none yet; only a supported gain is planned by.
        request: budget, limits, locks.
        progress: told how far the work is.

    Raises:
        Refused: a budget, lock or id that cannot be met; tables without mentors, courses, scores or any candidate.
    """
    check_request(request)
    progress(0.0, sentence("Reading scores, courses and businesses"))
    tables = read_tables(snapshot, framework)
    check_ids(request, tables)
    learned = model.effects.areas if model is not None and model.supported else None
    everything = list_candidates(tables, request.forbids, learned)
    check_locks(request, tables, everything)
    progress(0.3, sentence("Valuing every mentor and course"))
    cautious = request.risk == "cautious"
    valued = value_candidates(tables, everything, model, cautious=cautious, seed=request.seed)
    candidates, values, without_gain = worth_buying(tables, everything, valued, request)
    progress(0.5, sentence("Choosing the best plan"))
    form = plan_form(tables, candidates, values, request)
    found = _solve(form, candidates)
    progress(0.8, sentence("Writing the reasons"))
    scene = Scene(tables, candidates, values, form, Standing(form, found.chosen), Z90 if cautious else 0.0)
    left_out = (*candidates.left_out, *without_gain, *not_bought(scene))
    plan = _answer(scene, found, request, snapshot, None if model is None else model.model, left_out)
    progress(1.0, sentence("The plan is ready"))
    return plan


def plan_form(
    tables: PlanTables, candidates: Candidates, values: StandardValues | EffectValues, request: PlanRequest
) -> PlanForm:
    """The candidates as arrays for the solver; courses in the order of ``tables.gains.courses``."""
    courses = [tables.courses[code] for code in tables.gains.courses]
    number = candidates.places.course
    cost = np.array([course.cost for course in courses], dtype=np.int64)
    count = len(candidates.pairs)
    locks = set(request.locks)
    return PlanForm(
        mentor=candidates.mentor,
        course=number,
        area=candidates.places.area,
        value=values.objective,
        cost=cost[number],
        requires=candidates.requires,
        locked=np.array([pair in locks for pair in candidates.pairs], dtype=bool),
        fixed=np.array([course.fixed for course in courses], dtype=np.int64),
        seats=np.array([count if c.seats is None else min(c.seats, count) for c in courses], dtype=np.int64),
        least=np.array([course.least for course in courses], dtype=np.int64),
        budget=request.budget_idr,
        per_mentor=request.max_courses_per_mentor,
    )


def _solve(form: PlanForm, candidates: Candidates) -> Solution:
    try:
        found = best_plan(form)
    except Infeasible:
        refuse_infeasible(form, candidates.pairs)
    except Unsolved as fault:
        raise PlanRefused(
            sentence("No plan was found within %(seconds)s seconds.", seconds=Number(TIME_LIMIT)),
            where=sentence("the search for the best plan"),
            mend=sentence("Take locks away or make the limits wider, and ask again."),
        ) from fault
    if not found.chosen.any():
        refuse_empty(form)
    return found


def _answer(
    scene: Scene,
    found: Solution,
    request: PlanRequest,
    snapshot: Snapshot,
    model: str | None,
    left_out: tuple[LeftOut, ...],
) -> Plan:
    choices, benefit, turnover = choices_of(scene)
    basis = scene.values.basis
    return Plan(
        request=request,
        data_version=snapshot.version,
        as_of=snapshot.as_of,
        model=model,
        basis=basis,
        basis_note=basis_note(model, basis),
        risk_note=caution(request.risk, basis),
        cost_idr=spent(scene.form, found.chosen),
        benefit=benefit,
        turnover_idr=turnover,
        gap=found.gap,
        choices=choices,
        fixed_costs=fixed_costs(scene),
        left_out=tuple(sorted(left_out, key=lambda out: (out.mentor_id or "", out.course_id or ""))),
        gains=gain_rows(scene.tables),
    )
