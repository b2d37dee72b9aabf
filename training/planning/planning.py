"""Makes the training plan: tables → candidates → values → the best choice under all rules → an answer with reasons."""

from data.snapshot import Snapshot
from model.effects import LearnedEffects
from model.framework import Framework
from model.planning.plan_form import spent
from model.planning.selection import Solution
from model.progress import Progress, silent
from model.sentences import sentence
from training.planning.choices import basis_note, caution, choices_of, fixed_costs, gain_rows
from training.planning.locks import check_request
from training.planning.plan import Plan, PlanRequest
from training.planning.preparing import Prepared, prepare
from training.planning.say import SURE
from training.planning.solving import JOINT, Stage, plan_form, stage
from training.planning.values import EffectValues

__all__ = ["Plan", "PlanRequest", "make_plan", "plan_form", "plan_of"]


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
    return plan_of(prepare(snapshot, framework, model, request.seed), request, progress=progress)


def plan_of(prepared: Prepared, request: PlanRequest, *, progress: Progress = silent) -> Plan:
    """The best plan for a request from what is prepared; raises like :func:`make_plan`."""
    progress(0.3, sentence("Choosing the best plan"))
    ready = stage(prepared, request)
    found = ready.solved()
    progress(0.8, sentence("Writing the reasons"))
    plan = _answer(ready, found, prepared)
    progress(1.0, sentence("The plan is ready"))
    return plan


def _answer(ready: Stage, found: Solution, prepared: Prepared) -> Plan:
    scene, request, model = ready.scene(found), ready.request, prepared.model
    choices, benefit, turnover = choices_of(scene)
    values = scene.values
    basis, name = values.basis, None if model is None else model.model
    share = values.standard_share if isinstance(values, EffectValues) else 0.0
    return Plan(
        request=request,
        data_version=prepared.version,
        as_of=prepared.as_of,
        model=name,
        basis=basis,
        basis_note=basis_note(name, basis, share, sure=request.edition >= SURE),
        standard_share=share,
        risk_note=caution(request.risk, basis, joint=request.edition >= JOINT),
        cost_idr=spent(scene.form, found.chosen),
        benefit=benefit,
        turnover_idr=turnover,
        gap=found.gap,
        choices=choices,
        fixed_costs=fixed_costs(scene),
        left_out=ready.all_left_out(scene),
        gains=gain_rows(scene.tables),
    )
