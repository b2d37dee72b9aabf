"""Training plans from asking to keeping: options to a request, stored plans, plans made again, files written."""

import json
from pathlib import Path
from typing import Any

from data.store.records import PlanDraft, PlanRecord
from data.store.store import Store
from model.progress import Progress
from model.refusals import NotFound, PlanRefused
from model.sentences import sentence
from service.files.letterhead import Letter
from service.files.writing import check_out, write_as
from service.keeping import comes_out_alike, kept_text, thaw
from service.language import Language
from service.models.shelf import Shelf
from service.plans.request import as_asked, as_kept
from training.planning.plan import PlanRequest
from training.planning.preparing import Prepared

__all__ = ["check_out"]


def make_and_keep(
    store: Store, prepared: Prepared, shelf: Shelf, asked: PlanRequest, progress: Progress
) -> dict[str, Any]:
    """Make a plan and store it; the very same plan asked for again keeps its number."""
    answer = made(prepared, shelf, asked, progress)
    draft = PlanDraft(prepared.version, prepared.as_of, shelf.name, asked.seed, as_kept(asked), kept_text(answer))
    return as_stored(next((record for record in store.plans() if _same(record, draft)), None) or store.save_plan(draft))


def _same(record: PlanRecord, draft: PlanDraft) -> bool:
    wanted = {name: of for name, of in vars(draft).items() if name != "answer"}
    asked_alike = all(getattr(record, name) == of for name, of in wanted.items())
    return asked_alike and comes_out_alike(record.answer, draft.answer)


def made(prepared: Prepared, shelf: Shelf, asked: PlanRequest, progress: Progress) -> dict[str, Any]:
    """The answer to a request; nothing is stored."""
    from training.planning.planning import plan_of  # noqa: PLC0415 - solvers take long to import

    plan = plan_of(prepared, asked, progress=progress)
    return {**plan.answer(), "hindsight": shelf.hindsight(prepared.as_of)}


def stored(store: Store, plan_id: int | str) -> PlanRecord:
    """The stored plan of that number.

    Raises:
        NotFound: there is none.
    """
    if not str(plan_id).isdecimal() or len(str(plan_id)) > 15:  # longer than any number ever given
        raise NotFound(sentence("plan"), str(plan_id))
    return store.plan(int(plan_id))


def as_stored(record: PlanRecord) -> dict[str, Any]:
    """The answer as it was given when the plan was made."""
    return {"plan": record.id, **thaw(json.loads(record.answer))}


def again(record: PlanRecord, prepared: Prepared, shelf: Shelf, progress: Progress) -> dict[str, Any]:
    """Make a stored plan again, compare it with what was stored figure by figure, and give the stored bytes.

    Raises:
        PlanRefused: it comes out otherwise, because the framework file or a library has changed since.
    """
    answer = made(prepared, shelf, as_asked(record.request), progress)
    if not comes_out_alike(record.answer, kept_text(answer)):
        raise PlanRefused(
            sentence("Made again, the plan comes out otherwise than it was stored."),
            where=sentence("the plan %(id)s", id=str(record.id)),
            mend=sentence(
                "Bring back the framework file and the version of Suluh it was made with, or make a new plan."
            ),
        )
    return as_stored(record)


def write(answer: dict[str, Any], out: Path, lang: Language, letter: Letter | None = None) -> None:
    """Write a plan to a file of the kind its ending names; ``letter``: what the office puts on its letters.

    Raises:
        InputRefused: the file cannot be written.
    """

    def xlsx(plain: dict[str, Any]) -> None:
        from service.plans import xlsx  # noqa: PLC0415 - only who asks for a workbook waits for its library

        xlsx.write(plain, out, lang)

    def pdf(plain: dict[str, Any]) -> None:
        from service.plans import pdf  # noqa: PLC0415 - the same for a letter

        pdf.write(plain, out, lang, letter)

    write_as(answer, out, lang, {".xlsx": xlsx, ".pdf": pdf})
