"""What a person can ask about mentors beside their scores: a list in an order, a record with its history, tasks.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Callable, Collection, Mapping
from typing import Any

from data.snapshot import Snapshot
from data.store.store import Store
from model.sentences import Number, sentence
from service.cases.desk import DeskCases
from service.cases.objections import ObjectionCases
from service.cases.plans import PlanCases
from service.cases.scores import ScoreCases

STATES = ("unassessed", "over", "idle")
"""Kinds of mentors that may need something: never assessed, over capacity, without an active business."""
OLD_DAYS = 120
"""Data whose newest day lies further back are called old."""


class MentorCases(DeskCases, ObjectionCases, PlanCases, ScoreCases):
    """Questions about mentors and what waits to be done."""

    def mentor_list(self, *, ids: frozenset[str] | None = None, **asked: str) -> dict[str, Any]:
        """The answer of ``score`` with district, capacity and state beside, filtered and in an order; never ranked.

        ``asked``: q (part of name or id), district, state (of STATES), area with below=1 (score below its standard),
        sort (mentor_id, name, district, active, or an area) and down=1. ``ids``: those in reach, None for all.
        """
        answer, seen = self.score(), self.snapshot()
        known = {row["mentor_id"]: row for row in seen["mentors"].to_dict("records")}
        rows = [
            {**row, "district": known[row["mentor_id"]]["district"], "capacity": known[row["mentor_id"]]["capacity"]}
            for row in answer["mentors"]
            if ids is None or row["mentor_id"] in ids
        ]
        rows = [row for row in rows if _wanted(row, asked, answer["areas"])]
        rows.sort(key=_order(asked.get("sort", ""), answer["areas"]), reverse=asked.get("down") == "1")
        return {**answer, "mentors": rows, "districts": sorted({row["district"] for row in known.values()})}

    def mentor_record(self, mentor_id: str) -> dict[str, Any]:
        """The stored row of a mentor, assessments, trainings and engagements, and what the newest plan recommends."""
        seen = self.snapshot()
        tables = {name: seen[name] for name in ("mentors", "assessments", "trainings", "engagements")}
        own = {name: frame[frame["mentor_id"] == mentor_id] for name, frame in tables.items()}
        titles = dict(zip(seen["courses"]["course_id"], seen["courses"]["title"], strict=True))
        person = own["mentors"].iloc[0]
        return {
            "district": person["district"],
            "capacity": person["capacity"],
            "assessments": _newest(own["assessments"], "assessed_on", ("assessed_on", "area", "score", "assessor")),
            "trainings": [
                {**row, "title": titles.get(row["course_id"])}
                for row in _newest(own["trainings"], "completed_on", ("completed_on", "course_id"))
            ],
            "engagements": len(own["engagements"]),
            "active": int(own["engagements"]["ended_on"].isna().sum()),
            **_advice(self, mentor_id),
        }

    def tasks(
        self, *, ids: frozenset[str] | None = None, districts: Collection[str] | None = None
    ) -> list[dict[str, Any]]:
        """What waits to be done, the most pressing first: kind, count (None: one thing), what in words.

        ``ids``, ``districts``: mentors and districts in reach, None for all.
        """
        seen = self.snapshot()
        waiting = sum(ids is None or row["mentor_id"] in ids for row in self.open_objections()["objections"])
        desk = self.desk_decisions(districts=districts)["decisions"]
        held = sum(row["status"] == "held" and (ids is None or row["mentor_id"] in ids) for row in desk)
        said = sentence(
            "places given at the intake desk have no engagement yet: have it imported, or withdraw the decision"
        )
        counted = [
            _task("objections", waiting, sentence("objections of mentors wait for an answer")),
            _task("held", held, said),
        ]
        first = [task for task in counted if task["count"]]
        return [
            *first,
            *_about_model(self.store, seen),
            *_about_plan(self),
            *_about_match(self),
            *_about_rows(self, seen, ids),
        ]


def _wanted(row: Mapping[str, Any], asked: Mapping[str, str], areas: Mapping[str, Any]) -> bool:
    words = asked.get("q", "").casefold().strip()
    if words and words not in f"{row['name']} {row['mentor_id']}".casefold():
        return False
    if asked.get("district") and row["district"] != asked["district"]:
        return False
    if asked.get("state") in STATES and _state(row) != asked["state"]:
        return False
    area = asked.get("area", "")
    if asked.get("below") == "1":
        short = [code for code, score in row["scores"].items() if score < areas[code]["standard"]]
        return area in short if area in areas else bool(short)
    return True


def _state(row: Mapping[str, Any]) -> str | None:
    if not row["scores"]:
        return "unassessed"
    if row["active"] > row["capacity"]:
        return "over"
    return None if row["active"] else "idle"


def _order(sort: str, areas: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    if sort in areas:
        return lambda row: (sort not in row["scores"], row["scores"].get(sort, 0.0), row["mentor_id"])
    name = sort if sort in {"name", "district", "active"} else "mentor_id"
    return lambda row: (row[name], row["mentor_id"])


def _newest(frame: Any, by: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    ordered = frame.sort_values(by, ascending=False, kind="stable")
    rows: list[dict[str, Any]] = ordered[list(columns)].to_dict("records")
    return rows


def _advice(rooms: "MentorCases", mentor_id: str) -> dict[str, Any]:
    """The choices of the newest plan for a mentor, each with the newest ``decision`` on it, None where none is made."""
    from service.plans.deciding import newest_on

    plans = rooms.plans()["plans"]
    if not plans:
        return {"plan": None, "advised": []}
    plan = plans[0]["plan"]
    decided = newest_on(rooms.store, plan)
    chosen = [choice for choice in rooms.stored_plan(plan)["choices"] if choice["mentor_id"] == mentor_id]
    return {
        "plan": plans[0],
        "advised": [{**choice, "decision": decided.get((mentor_id, choice["course_id"]))} for choice in chosen],
    }


def _about_model(store: Store, seen: Snapshot) -> list[dict[str, Any]]:
    record = store.current_model()
    if record is None:
        return [_task("train", None, sentence("No model has been learned yet."))]
    if record.data_version != seen.version:
        return [_task("train", None, sentence("The model is older than the data: learn again."))]
    return []


def _about_plan(rooms: "MentorCases") -> list[dict[str, Any]]:
    newest = next(iter(rooms.plans()["plans"]), None)
    if not newest or newest["status"] != "draft":
        return []
    return [_task("plan", None, sentence("The newest plan is a draft: decide on its choices."), newest["plan"])]


def _about_match(rooms: "MentorCases") -> list[dict[str, Any]]:
    from service.matches.deciding import status_of

    newest = next(iter(rooms.store.matches()), None)
    if (
        newest is None
        or status_of([event for event in rooms.store.match_events() if event.match == newest.id]) != "draft"
    ):
        return []
    return [_task("match", None, sentence("The newest matching is a draft: approve it, or match anew."), newest.id)]


def _about_rows(rooms: "MentorCases", seen: Snapshot, ids: frozenset[str] | None) -> list[dict[str, Any]]:
    mentors = [row for row in rooms.score()["mentors"] if ids is None or row["mentor_id"] in ids]
    known = dict(zip(seen["mentors"]["mentor_id"], seen["mentors"]["capacity"], strict=True))
    states = [_state({**row, "capacity": known[row["mentor_id"]]}) for row in mentors]
    age = (rooms.settings.today() - seen.as_of).days
    counted = [
        _task("unassessed", states.count("unassessed"), sentence("mentors have never been assessed")),
        _task("over", states.count("over"), sentence("mentors accompany more businesses than their capacity")),
        _task("idle", states.count("idle"), sentence("mentors accompany no business now")),
    ]
    old = _task("old", None, sentence("The newest data are %(days)s days old: import newer ones.", days=Number(age)))
    return ([old] if age > OLD_DAYS else []) + [task for task in counted if task["count"]]


def _task(kind: str, count: int | None, what: Any, target: Any = None) -> dict[str, Any]:
    return {"kind": kind, "count": count, "what": what, "target": target}
