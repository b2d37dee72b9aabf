"""Matchings from asking to keeping: options to a request, stored matchings, matchings made again, files written."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from data.snapshot import Snapshot
from data.store.records import PlanDraft, PlanRecord
from data.store.store import Store
from model.framework import Framework
from model.matching.rules import NO_RULES, MatchRules
from model.progress import Progress
from model.refusals import InputRefused, MatchRefused, NotFound
from model.sentences import sentence
from service.files.letterhead import Letter
from service.files.writing import check_out, write_as
from service.keeping import comes_out_alike, kept_text, thaw
from service.language import Language
from service.models.shelf import Shelf
from training.matching.match import KEEP, MatchRequest, PairIds
from training.matching.matching import make_match

__all__ = ["check_out"]


def request(
    *,
    seed: int,
    pool: Literal["new", "all"] = "new",
    keep: float = KEEP,
    balance: float = 0.0,
    lock: Sequence[str] = (),
    forbid: Sequence[str] = (),
    without: Sequence[str] = (),
) -> MatchRequest:
    """A request from options as they are typed: ``lock`` and ``forbid`` are BUSINESS:MENTOR, ``without`` mentor ids.

    Raises:
        InputRefused: a pair is no pair.
    """
    return MatchRequest(
        pool=pool,
        keep=keep,
        balance=balance,
        locks=tuple(pair_of(text, "--lock") for text in lock),
        forbids=tuple(pair_of(text, "--forbid") for text in forbid),
        without=tuple(code.strip() for code in without),
        seed=seed,
    )


def pair_of(text: str, option: str) -> PairIds:
    """Business id and mentor id from BUSINESS:MENTOR.

    Raises:
        InputRefused: it is no such pair.
    """
    business, colon, mentor = text.partition(":")
    if not (business.strip() and colon and mentor.strip()):
        raise InputRefused(
            sentence("%(pair)s names no business and mentor.", pair=text),
            where=sentence("the option %(option)s", option=option),
            mend=sentence("Write BUSINESS:MENTOR with the ids as they stand in the tables."),
        )
    return business.strip(), mentor.strip()


def make_and_keep(
    store: Store, seen: Snapshot, framework: Framework, shelf: Shelf, asked: MatchRequest, progress: Progress
) -> dict[str, Any]:
    """Make a matching and store it; the very same one asked for again keeps its number, an empty one has none."""
    answer, draft = draft_of(seen, framework, shelf, asked, progress)
    if not (answer["pairs"] or answer["unmatched"]):
        return {"match": None, **answer}
    told = {name: value for name, value in vars(draft).items() if name != "answer"}
    told["sha256"] = hashlib.sha256(draft.answer.encode()).hexdigest()
    same = (brief for brief in store.match_briefs() if all(getattr(brief, name) == of for name, of in told.items()))
    record = next(same, None) or store.save_match(draft)
    return {"match": record.id, **answer}


def draft_of(
    seen: Snapshot, framework: Framework, shelf: Shelf, asked: MatchRequest, progress: Progress
) -> tuple[dict[str, Any], PlanDraft]:
    """A matching as an answer, and as it is to be kept."""
    made = make_match(seen, framework, shelf.model, asked, progress=progress)
    answer = {**made.answer(), "hindsight": shelf.hindsight(seen.as_of)}
    return answer, PlanDraft(seen.version, seen.as_of, shelf.name, asked.seed, _as_kept(asked), kept_text(answer))


_PAIRS = ("locks", "forbids", "held", "taken")


def _as_kept(asked: MatchRequest) -> dict[str, Any]:
    pairs = {name: [list(pair) for pair in getattr(asked, name)] for name in _PAIRS}
    kept = {**vars(asked), **pairs, "without": list(asked.without)}
    rules, leaving, taken = (kept.pop(name) for name in ("rules", "leaving", "taken"))
    return {
        **kept,
        **({"taken": taken} if taken else {}),
        **({"leaving": list(leaving)} if leaving else {}),
        **({"rules": rules.as_json()} if rules else {}),
    }


def as_asked(record: PlanRecord) -> MatchRequest:
    """The request that a stored matching was made of."""
    stored = dict(record.request)
    pairs = {name: tuple((business, mentor) for business, mentor in stored[name]) for name in _PAIRS if name in stored}
    given = stored.pop("rules", None)
    rules = MatchRules.from_json(given) if given else NO_RULES
    who = {name: tuple(stored.get(name, ())) for name in ("without", "leaving")}
    return MatchRequest(**{"rising": False, **stored, **pairs, **who, "rules": rules})


def stored(store: Store, match_id: int | str) -> PlanRecord:
    """The stored matching of that number.

    Raises:
        NotFound: there is none.
    """
    if not str(match_id).isdecimal() or len(str(match_id)) > 15:  # longer than any number ever given
        raise NotFound(sentence("matching"), str(match_id))
    return store.match(int(match_id))


def as_stored(record: PlanRecord) -> dict[str, Any]:
    """The answer as it was given when the matching was made."""
    return {"match": record.id, **thaw(json.loads(record.answer))}


def again(record: PlanRecord, seen: Snapshot, framework: Framework, shelf: Shelf, progress: Progress) -> dict[str, Any]:
    """Make a stored matching again, compare it with what was stored figure by figure, and give the stored bytes.

    Raises:
        MatchRefused: it comes out otherwise, because the framework file or a library has changed since.
    """
    _, draft = draft_of(seen, framework, shelf, as_asked(record), progress)
    if not comes_out_alike(record.answer, draft.answer):
        raise MatchRefused(
            sentence("Made again, the matching comes out otherwise than it was stored."),
            where=sentence("the matching %(id)s", id=str(record.id)),
            mend=sentence(
                "Bring back the framework file and the version of Suluh it was made with, or make a new matching."
            ),
        )
    return as_stored(record)


def less(asked: MatchRequest, record: PlanRecord, declined: Sequence[PairIds], leaving: Sequence[str]) -> MatchRequest:
    """The request for the rest of a matching: declined pairs forbidden, leaving mentors out, all others held.

    The active businesses of a leaving mentor join those that wait. A business to which the intake desk gave a mentor
    since is no longer among those matched.
    """
    pairs = [(pair["business_id"], pair["mentor_id"]) for pair in json.loads(record.answer)["pairs"]]
    gone = {*declined, *(pair for pair in asked.locks if asked.pool == "new" and pair[0] in dict(asked.taken))}
    return replace(
        asked,
        locks=tuple(pair for pair in asked.locks if pair not in gone and pair[1] not in leaving),
        forbids=(*asked.forbids, *declined),
        held=tuple(pair for pair in pairs if pair not in gone and pair[1] not in leaving),
        without=(*asked.without, *leaving),
        leaving=(*asked.leaving, *leaving),
        base=record.id,
    )


def write(answer: dict[str, Any], out: Path, lang: Language, letter: Letter | None = None) -> None:
    """Write a matching to a file of the kind its ending names.

    Raises:
        InputRefused: the file cannot be written.
    """

    def xlsx(plain: dict[str, Any]) -> None:
        from service.matches import xlsx  # noqa: PLC0415 - only who asks for a workbook waits for its library

        xlsx.write(plain, out, lang)

    def pdf(plain: dict[str, Any]) -> None:
        from service.matches import pdf  # noqa: PLC0415 - the same for a letter

        pdf.write(plain, out, lang, letter)

    write_as(answer, out, lang, {".xlsx": xlsx, ".pdf": pdf})
