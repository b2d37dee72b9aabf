"""What a person can ask of the intake desk: the best mentor for a business that comes in now, and decisions on that.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from model.framework import fold
from model.refusals import NotFound
from model.sentences import sentence
from service.installation import SEED, Day, Installation

if TYPE_CHECKING:
    import pandas as pd

    from data.snapshot import Snapshot
    from training.matching.desk import Desk

_TRIES = 20
"""How often a decision is worked out anew because somebody else's came first."""


class DeskCases(Installation):
    """Questions about the intake desk."""

    def best_mentor(
        self, *, district: str, needs: Sequence[str], sector: str | None = None, as_of: Day = None
    ) -> dict[str, Any]:
        """The best mentors with a free place for one business that comes in now, in milliseconds once asked before.

        Args:
            district: of the business.
            needs: its problem codes.
            sector: its sector, for rules of sector; not needed without such.
            as_of: the day to look at the data.

        Returns:
            ``best``, each with reasons, evidence word, range, runner-up, what would change it and who decides, and
            ``full`` (those who would suit better had they a place; ``price``: what a place of theirs is worth to those
            who have it); ``match``: the matching whose places count as taken. ``mark`` stands for this advice: given
            with a decision, that is recorded only while the advice is still the same.
        """
        seen = self.snapshot(as_of)
        return _advice(self, _desk(self, seen), seen, (district, needs, sector))

    def decide_desk(self, decision: str, **told: Any) -> dict[str, Any]:
        """Accept the desk's advice for a business, take another mentor (change), or refuse it; recorded for good.

        Args:
            decision: accept, change or refuse.
            told: ``business`` (id under which it is or will be registered), ``district``, ``needs`` and ``sector`` as
                the desk was asked, ``mentor`` (whom it gets; none to refuse), ``mark`` (of the advice that was seen;
                without it the advice of this moment is decided on), ``name``, ``role`` (of who decides), ``reason``
                (needed unless the advice is accepted).

        Returns:
            The decision as :meth:`desk_decision` gives it. The mentor's place counts as taken until the engagement is
            imported or the decision withdrawn.
        """
        from data.store.desk import DeskMoved
        from service.matches import desk, holding

        asked = desk.clean(desk.Asked(decision, **told))
        for left in reversed(range(_TRIES)):
            state, seen = self.store.desk_state(), self.snapshot()
            desk.check_business(asked, seen, [*holding.given(self, self.store.desk_events()).values()])
            beside = _desk(self, seen)
            advice = _advice(self, beside, seen, (asked.district, asked.needs, asked.sector))
            desk.check_mentor(asked, advice, beside)
            try:
                record, _ = self.store.decide_desk(*desk.draft_of(asked, advice, seen, SEED), state)
            except DeskMoved:
                if not left:
                    raise
            else:
                return self.desk_decision(record.id)
        raise AssertionError("the last try is refused or recorded")

    def withdraw_desk(self, number: int | str, *, name: str, role: str, reason: str) -> dict[str, Any]:
        """Withdraw a decision that gave a mentor: the place is free again, and the business may be decided on anew."""
        from service.matches import desk
        from service.people.roles import Permission, role_for
        from service.plans.deciding import said

        by = {"name": said(name, "--name"), "role": role_for(said(role, "--role"), Permission.DECIDE)}
        by["reason"] = said(reason, "--reason")
        self.store.withdraw_desk(desk.number_of(number), **by)
        return self.desk_decision(number)

    def desk_decision(self, number: int | str, *, districts: Collection[str] | None = None) -> dict[str, Any]:
        """One decision of the desk, how it stands, and ``advice``: what was advised and why, as it was then.

        ``districts``: those in reach, None for all.
        """
        from service.matches import desk

        record = self.store.desk_advice(desk.number_of(number))
        if districts is not None and record.request["district"] not in districts:
            raise NotFound(sentence("decision of the intake desk"), str(number))
        (row,) = _told(self, [record])
        return {**row, "advice": desk.advice_of(record), "note": _note(row, self.snapshot()["businesses"])}

    def desk_decisions(self, *, districts: Collection[str] | None = None) -> dict[str, Any]:
        """Every decision of the desk, the newest first, and how it stands; of these ``districts`` (None: all)."""
        records = self.store.desk_briefs()
        near = [one for one in records if districts is None or one.request["district"] in districts]
        return {"decisions": _told(self, near)}


def _told(rooms: Installation, records: Sequence[Any]) -> list[dict[str, Any]]:
    from service.matches import desk, holding

    events = rooms.store.desk_events()
    given, mentors = holding.given(rooms, events), rooms.snapshot()["mentors"]
    names = dict(zip(mentors["mentor_id"], mentors["name"], strict=True))
    by_advice: dict[int, list[Any]] = {}
    for event in events:
        by_advice.setdefault(event.advice, []).append(event)
    return [desk.told(record, by_advice[record.id], given.get(record.id), names) for record in records]


def _note(row: Mapping[str, Any], businesses: "pd.DataFrame") -> Any:
    from data.likeness import resembled

    here = [fold(str(district)) == fold(row["district"]) for district in businesses["district"]]
    near = resembled(row["business"], businesses["business_id"][here]) if row["status"] == "held" else None
    if near is None:
        return _stands(row["status"])
    return sentence(
        "%(note)s %(business)s is not registered, but %(near)s is: withdraw this decision if that business is meant.",
        note=_stands(row["status"]),
        business=row["business"],
        near=near,
    )


def _stands(status: str) -> Any:
    if status == "held":
        return sentence("The place counts as taken until the engagement is imported or this decision is withdrawn.")
    if status == "elsewhere":
        return sentence("The business has an engagement with another mentor since; no place is held.")
    return sentence("No place is held by this decision.")


def _advice(
    rooms: Installation, desk: "Desk", seen: "Snapshot", asked: tuple[str, Sequence[str], str | None]
) -> dict[str, Any]:
    from service.matches.desk import mark_of

    rests = {"model": rooms.shelf().name, "data_version": seen.version, "as_of": seen.as_of}
    told = {**desk.best(*asked), **rests}
    return {**told, "mark": mark_of(told)}


def _desk(rooms: Installation, seen: "Snapshot") -> "Desk":
    """The desk beside the newest matching made of the same tables, if there is one; kept between questions."""
    from service.matches import holding, stored
    from training.matching.desk import desk_of
    from training.matching.match_tables import read_match_tables
    from training.matching.worth import worth_of

    shelf, taken = rooms.shelf(), holding.taken_at(rooms, seen)
    same_tables = (
        brief.id
        for brief in rooms.store.match_briefs()
        if (brief.data_version, brief.as_of, brief.request["pool"]) == (seen.version, seen.as_of, "new")
    )
    number, of = next(same_tables, None), (seen.version, seen.as_of, shelf.name)

    def valued() -> Any:
        tables = read_match_tables(seen, rooms.framework, "new")
        return tables, worth_of(tables, shelf.model.effects if shelf.model else None, SEED)

    def made() -> "Desk":
        tables, worth = rooms._cache.get(("worth", *of), valued)  # noqa: SLF001
        beside = None if number is None else stored.as_stored(rooms.store.match(number))
        return desk_of(tables, rooms.framework, worth, beside, number, rooms.words(seen)["unit"], taken)

    return rooms._cache.get(("desk", *of, number, taken), made)  # noqa: SLF001
