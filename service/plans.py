"""Training plans from asking to keeping: options to a request, stored plans, plans made again, files written."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NoReturn

from data.reading.numbers import readings
from data.snapshot import Snapshot
from data.store.records import PlanDraft, PlanRecord
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress
from model.refusals import InputRefused, NotFound, PlanRefused
from model.sentences import Sentence, sentence
from service.keeping import keep, thaw
from service.language import Language
from service.rendering import as_json, render
from service.shelf import Shelf
from training.planning.plan import PlanRequest
from training.planning.planning import make_plan

Pair = tuple[str, str]
SUFFIXES = (".json", ".pdf", ".xlsx")


def request(
    budget: int | str,
    *,
    seed: int,
    most: int | str = 2,
    risk: Literal["mean", "cautious"] = "mean",
    lock: Sequence[str] = (),
    forbid: Sequence[str] = (),
) -> PlanRequest:
    """A request from options as they are typed: ``lock`` and ``forbid`` are MENTOR:COURSE.

    Raises:
        InputRefused: the budget is no whole amount, or a pair is no pair.
    """
    return PlanRequest(
        budget_idr=_rupiah(budget),
        max_courses_per_mentor=_whole(most),
        risk=risk,
        locks=tuple(pair_of(text, "--lock") for text in lock),
        forbids=tuple(pair_of(text, "--forbid") for text in forbid),
        seed=seed,
    )


def _rupiah(budget: int | str) -> int:
    if isinstance(budget, int):
        return budget
    read = readings(budget)
    found = {value for value in (read.id, read.en) if value is not None and value == value.to_integral_value()}
    if len(found) != 1:
        raise InputRefused(
            sentence("%(budget)s is no whole amount of rupiah.", budget=budget),
            where=sentence("the option %(option)s", option="--budget"),
            mend=sentence("Write the budget in digits, for example 250000000."),
        )
    return int(found.pop())


def _whole(most: int | str) -> int:
    try:
        return int(most)
    except ValueError as fault:
        raise InputRefused(
            sentence("%(most)s is no whole number.", most=str(most)),
            where=sentence("the option %(option)s", option="--max-courses-per-mentor"),
            mend=sentence("Give a whole number of 1 or more."),
        ) from fault


def pair_of(text: str, option: str) -> Pair:
    """Mentor id and course id from MENTOR:COURSE.

    Raises:
        InputRefused: it is no such pair.
    """
    mentor, colon, course = text.partition(":")
    if not (mentor and colon and course):
        raise InputRefused(
            sentence("%(pair)s names no mentor and course.", pair=text),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Write MENTOR:COURSE with the ids as they stand in the tables."),
        )
    return mentor.strip(), course.strip()


def make_and_keep(
    store: Store, seen: Snapshot, framework: Framework, shelf: Shelf, asked: PlanRequest, progress: Progress
) -> dict[str, Any]:
    """Make a plan and store it; the very same plan asked for again keeps its number."""
    answer = _made(seen, framework, shelf, asked, progress)
    draft = PlanDraft(seen.version, seen.as_of, shelf.name, asked.seed, _as_kept(asked), _text(answer))
    same = (record for record in store.plans() if all(getattr(record, name) == of for name, of in vars(draft).items()))
    record = next(same, None) or store.save_plan(draft)
    return {"plan": record.id, **answer}


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(keep(answer), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _made(seen: Snapshot, framework: Framework, shelf: Shelf, asked: PlanRequest, progress: Progress) -> dict[str, Any]:
    effects = shelf.model.effects if shelf.model else None
    plan = make_plan(seen, framework, effects, asked, progress=progress)
    return {**plan.answer(), "hindsight": shelf.hindsight(seen.as_of)}


def _as_kept(asked: PlanRequest) -> dict[str, Any]:
    return {
        **vars(asked),
        "locks": [list(pair) for pair in asked.locks],
        "forbids": [list(pair) for pair in asked.forbids],
    }


def _as_asked(kept: dict[str, Any]) -> PlanRequest:
    pairs = {name: tuple((mentor, course) for mentor, course in kept[name]) for name in ("locks", "forbids")}
    return PlanRequest(**{**kept, **pairs})


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


def again(record: PlanRecord, seen: Snapshot, framework: Framework, shelf: Shelf, progress: Progress) -> dict[str, Any]:
    """Make a stored plan again and compare it with what was stored.

    Raises:
        PlanRefused: it comes out otherwise, because the framework file or a library has changed since.
    """
    answer = _made(seen, framework, shelf, _as_asked(dict(record.request)), progress)
    if _text(answer) != record.answer:
        raise PlanRefused(
            sentence("Made again, the plan comes out otherwise than it was stored."),
            where=sentence("the plan %(id)s", id=str(record.id)),
            mend=sentence(
                "Bring back the framework file and the version of Suluh it was made with, or make a new plan."
            ),
        )
    return {"plan": record.id, **answer}


def check_out(out: Path | None) -> None:
    """Refuse a file that a plan cannot be written to, before the plan is made.

    Raises:
        InputRefused: the ending is not .xlsx, .pdf or .json, or the folder is not there.
    """
    if out is None:
        return
    if out.suffix.lower() not in SUFFIXES:
        _refuse_out(out, sentence("A plan cannot be written as %(kind)s.", kind=out.suffix or out.name))
    if not out.resolve().parent.is_dir():
        _refuse_out(out, sentence("The folder of the file is not there."))


def _refuse_out(out: Path, what: Sentence) -> NoReturn:
    raise InputRefused(
        what,
        where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
        mend=sentence("Name a file that ends in .xlsx, .pdf or .json, in a folder that is there."),
    )


def write(answer: dict[str, Any], out: Path, lang: Language) -> None:
    """Write a plan to a file of the kind its ending names.

    Raises:
        InputRefused: the file cannot be written.
    """
    try:
        match out.suffix.lower():
            case ".xlsx":
                from service import plan_xlsx  # noqa: PLC0415 - only who asks for a workbook waits for its library

                plan_xlsx.write(render(answer, lang), out, lang)
            case ".pdf":
                from service import plan_pdf  # noqa: PLC0415 - the same for a letter

                plan_pdf.write(render(answer, lang), out, lang)
            case _:
                out.write_text(as_json(answer, lang) + "\n", encoding="utf-8")
    except OSError as fault:
        _refuse_out(out, sentence("The file cannot be written: %(fault)s.", fault=fault.strerror or str(fault)))
