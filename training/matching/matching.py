"""Makes the matching: tables → candidates → worth → the best answer under all rules → pairs with reasons."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from data.snapshot import Snapshot
from model.framework import Framework
from model.matching.flow import Overfull
from model.matching.matching import best_matching
from model.progress import Progress, silent
from model.refusals import MatchRefused
from model.sentences import Number, Sentence, sentence
from training.learning.engagements import GROWTH
from training.matching.candidates import free_places, list_candidates, match_form, present_rows
from training.matching.expecting import expected_growth
from training.matching.match import Match, MatchRequest, Pair
from training.matching.match_locks import check_match_ids, check_match_request, check_places
from training.matching.match_tables import MatchTables, read_match_tables
from training.matching.reasons import price_of, reasons, what_would_change, why_unserved
from training.matching.rivals import equals, next_best
from training.matching.ruling import check_rules
from training.matching.scene import Scene
from training.matching.worth import worth_of
from training.planning.plan import Range
from training.publishing import Model

__all__ = ["Match", "MatchRequest", "make_match"]


def make_match(
    snapshot: Snapshot,
    framework: Framework,
    model: Model | None,
    request: MatchRequest,
    *,
    progress: Progress = silent,
) -> Match:
    """The best matching for a request; the same inputs give the same matching.

    Args:
        snapshot: the stored tables on the as-of day.
        framework: areas, standards and problem codes of the office.
        model: the published model, None where there is none yet; only a supported gain is matched by.
        request: pool, bonuses, locks.
        progress: told how far the work is.

    Raises:
        Refused: a lock or id that cannot be met, tables without mentors or businesses, no free place at all.
    """
    check_match_request(request)
    progress(0.0, sentence("Reading mentors, businesses and scores"))
    tables = read_match_tables(snapshot, framework, request.pool, request.leaving, request.taken)
    check_match_ids(request, tables)
    check_rules(request.rules, tables)
    check_places(request, tables)
    scene = _solved(tables, model, request, progress, unit=snapshot.dataset.unit or snapshot.dataset.outcome)
    progress(0.6, sentence("Writing the reasons"))
    pairs = _pairs(scene, snapshot, framework, model)
    found = scene.found
    answer = Match(
        request=request,
        data_version=snapshot.version,
        as_of=snapshot.as_of,
        model=None if model is None else model.name,
        basis=scene.worth.basis,
        basis_note=_basis_note(model, scene),
        pairs=pairs,
        unmatched=_unmatched(scene),
        warnings=(*_taken(request), *_warnings(tables)),
        mentors=tuple(_mentor(scene, number) for number in range(len(tables.mentors.ids))),
        districts=_districts(scene),
        value=found.value,
        gap=found.gap,
        unit=scene.unit,
        note=_note(scene),
        left=tuple(tables.left.items()),
    )
    progress(1.0, sentence("The matching is ready"))
    return answer


def _solved(
    tables: MatchTables, model: Model | None, request: MatchRequest, progress: Progress, *, unit: str | None
) -> Scene:
    progress(0.2, sentence("Finding the best matching"))
    candidates = list_candidates(tables, request)
    worth = worth_of(tables, model.effects if model else None, request.seed, rising=request.rising)
    try:
        found = best_matching(match_form(tables, candidates, worth, request))
    except Overfull as fault:  # check_places refuses it before; a lock that is no candidate cannot be
        raise MatchRefused(
            sentence("The locked pairs need more places than the mentors have."),
            where=sentence("the option %(option)s", option="--lock"),
            mend=sentence("Take one of these locks away."),
        ) from fault
    own = model is not None and model.about["outcome"] != GROWTH
    return Scene(tables, request, candidates, worth, found, unit if own else None)


def _pairs(scene: Scene, snapshot: Snapshot, framework: Framework, model: Model | None) -> tuple[Pair, ...]:
    rows, form = scene.chosen, scene.found.form
    business, mentor = form.business[rows], form.mentor[rows]
    growth: list[Range | None] = [None] * len(rows)
    parts: list[Range | None] = [None] * len(rows)
    if scene.worth.basis == "effect" and model is not None:
        beside = scene.worth.beside_average(business, mentor)
        businesses, mentors = scene.tables.businesses.ids, scene.tables.mentors.ids
        ids = [(businesses[b], mentors[m]) for b, m in zip(business, mentor, strict=True)]
        growth = [*expected_growth(snapshot, framework, model, ids, beside)]
        ends = scene.worth.ends(business, mentor, np.full(len(rows), -1))
        parts = [Range(*figures) for figures in zip(beside.tolist(), *ends.tolist(), strict=True)]
    return tuple(_pair(scene, int(row), growth[k], parts[k]) for k, row in enumerate(rows))


def _pair(scene: Scene, row: int, growth: Range | None, part: Range | None) -> Pair:
    form, tables = scene.found.form, scene.tables
    business, mentor = int(form.business[row]), int(form.mentor[row])
    standard = scene.worth.basis == "standard"
    return Pair(
        business_id=tables.businesses.ids[business],
        business_name=tables.businesses.names[business],
        district=tables.businesses.districts[business],
        mentor_id=tables.mentors.ids[mentor],
        mentor_name=tables.mentors.names[mentor],
        basis=scene.worth.basis,
        worth=float(form.worth[row]),
        fit=float(scene.worth.values(form.business[[row]], form.mentor[[row]])[0]) if standard else None,
        growth=growth,
        part=part,
        evidence=scene.worth.evidence(business, mentor),
        reasons=reasons(scene, row, part),
        runner_up=next_best(scene, row),
        equals=equals(scene, row),
        what_would_change=what_would_change(scene, row, int(scene.displaced.rival[business])),
        locked=bool(form.locked[row]),
        kept=bool(form.held[row]) or mentor in tables.businesses.present[business],
    )


def _unmatched(scene: Scene) -> tuple[Mapping[str, object], ...]:
    businesses = scene.tables.businesses
    unserved = np.flatnonzero(scene.found.home < 0)
    waiting = Counter(businesses.districts[number] for number in unserved)
    rows = []
    for number in unserved.tolist():
        district = businesses.districts[number]
        reason, fix = why_unserved(scene, number, waiting[district])
        leaver = scene.leaver(number)
        if leaver is not None:
            reason = sentence("Its mentor %(mentor)s leaves. %(why)s", mentor=leaver, why=reason)
        rows.append(
            {
                "business_id": businesses.ids[number],
                "business_name": businesses.names[number],
                "district": district,
                "reason": reason,
                "fix": fix,
            }
        )
    return tuple(rows)


def _mentor(scene: Scene, number: int) -> dict[str, object]:
    """Places, use and prices of a mentor: what a place is worth, and what one more would bring."""
    mentors, found = scene.tables.mentors, scene.found
    more = scene.cost(int(found.given[number]))
    return {
        "mentor_id": mentors.ids[number],
        "mentor_name": mentors.names[number],
        "district": mentors.districts[number],
        "capacity": int(mentors.capacity[number]),
        "active": int(mentors.active[number]),
        **({"taken": int(mentors.taken[number])} if scene.request.taken else {}),
        "places": int(found.form.places[number]),
        "assigned": int(found.used[number]),
        "free": int(found.form.places[number] - found.used[number]),
        "price": price_of(scene, number),
        "one_more": None if more is None else {"serves": more.served, "value": more.value},
    }


def _districts(scene: Scene) -> tuple[Mapping[str, object], ...]:
    businesses, home = scene.tables.businesses, scene.found.home
    waiting, served = Counter(businesses.districts), Counter(np.array(businesses.districts, dtype=object)[home >= 0])
    return tuple(
        {"district": name, "waiting": waiting[name], "served": served[name], "unserved": waiting[name] - served[name]}
        for name in sorted(waiting)
    )


def _taken(request: MatchRequest) -> list[Sentence]:
    said = sentence(
        "%(count)s places count as taken that the intake desk gave away; their engagements are not in the tables yet.",
        count=Number(len(request.taken)),
    )
    return [said] if request.taken else []


def _warnings(tables: MatchTables) -> tuple[Sentence, ...]:
    mentors = tables.mentors
    over = [
        sentence(
            "%(mentor)s has %(active)s active businesses and a capacity of %(capacity)s.",
            mentor=f"{mentors.names[number]} ({mentors.ids[number]})",
            active=Number(int(mentors.active[number])),
            capacity=Number(int(mentors.capacity[number])),
        )
        for number in np.flatnonzero(mentors.active > mentors.capacity)
    ]
    far = Counter(mentor for mentor, _ in tables.strays)
    return (
        *_leaving(tables),
        *over,
        *(
            sentence(
                "%(mentor)s has %(count)s active businesses outside the districts of the mentor.",
                mentor=f"{mentors.names[number]} ({mentors.ids[number]})",
                count=Number(count),
            )
            for number, count in sorted(far.items())
        ),
    )


def _leaving(tables: MatchTables) -> list[Sentence]:
    mentors = tables.mentors
    return [
        sentence(
            "%(mentor)s leaves: %(count)s active businesses are matched anew here. When they change over, write the "
            "day in ended_on of their present engagements.",
            mentor=f"{mentors.names[mentors.number[code]]} ({code})",
            count=Number(count),
        )
        for code, count in sorted(Counter(tables.left.values()).items())
    ]


def _note(scene: Scene) -> Sentence:
    waiting, served = len(scene.tables.businesses.ids), scene.found.served
    if not waiting:
        return sentence("No business waits: each has an active engagement.")
    said = sentence(
        "%(served)s of %(waiting)s businesses are served, as many as places and reach allow; %(free)s places stay "
        "free.",
        served=Number(served),
        waiting=Number(waiting),
        free=Number(int(free_places(scene.tables, scene.request).sum()) - served),
    )
    if scene.request.rules:
        said = sentence(
            "%(said)s Rules of sector or language hold; they keep out %(count)s pairs that reach would allow.",
            said=said,
            count=Number(int(scene.candidates.ruled.sum())),
        )
    present = present_rows(scene.tables, scene.candidates)
    if not present.any():
        return said
    return sentence(
        "%(said)s Present pairs that stay: %(kept)s of %(present)s.",
        said=said,
        kept=Number(int((present & scene.found.chosen).sum())),
        present=Number(int(present.sum())),
    )


def _basis_note(model: Model | None, scene: Scene) -> Sentence:
    if scene.worth.basis == "effect":
        return sentence(
            "Matched by the part of growth that mentors' scores bring, as model %(model)s learned it; its gain for "
            "unseen mentors is supported.",
            model=str(model.name if model else ""),
        )
    if model is None:
        return sentence(
            "Matched by the office's standard: the fit of scores to needs. No relation has been learned yet."
        )
    return sentence(
        "Matched by the office's standard: the fit of scores to needs. Model %(model)s found no supported gain from "
        "mentors' scores.",
        model=model.name,
    )
