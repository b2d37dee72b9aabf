"""What a person can ask of Suluh: one method per question, over one installation. Composes the rooms, computes nothing.

This is the Python API too: ``Programme(settings(home="instance")).index(by="district")``. Answers hold sentences and
figures as the rooms give them; :func:`service.rendering.render` makes them plain in a language. Each method imports
only the rooms it needs, so that no question waits for the libraries of another.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.framework_file import SHIPPED, read_framework
from data.snapshot import Snapshot
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress, silent
from model.refusals import InputRefused, StoreRefused
from model.sentences import sentence
from service.analyst_cases import AnalystCases
from service.cache import Cache
from service.intake_cases import DEMO, IntakeCases, take
from service.job_cases import JobCases
from service.language import Language
from service.match_cases import MatchCases
from service.mentor_cases import MentorCases
from service.objection_cases import ObjectionCases
from service.people_cases import PeopleCases
from service.plan_cases import PlanCases
from service.report_cases import ReportCases
from service.score_cases import ScoreCases
from service.settings import Settings
from service.table_cases import TableCases

if TYPE_CHECKING:
    from service.model_card.form import Card
    from service.shelf import Shelf

SEED = 1
"""Seed of everything drawn: the same data give the same answer."""

DEMO_CITY: Mapping[str, Any] = {"mentors": 120, "businesses": 3000, "months": 36, "seed": 7}
"""Large enough to learn from, small enough to be ready in half a minute."""
DEMO_BUDGET = 150_000_000

Day = date | str | None
"""A day, its ISO text, or None for the newest day of the data."""


class Programme(
    AnalystCases,
    IntakeCases,
    JobCases,
    MatchCases,
    MentorCases,
    ObjectionCases,
    PeopleCases,
    PlanCases,
    ReportCases,
    ScoreCases,
    TableCases,
):
    """The programme of one installation.

    ``progress`` is told how far long work has come. ``lenient``: where the published model's file is damaged, go on
    with the last good one (the pages do, with a banner); the commands refuse.
    """

    def __init__(self, settings: Settings, *, progress: Progress = silent, lenient: bool = False) -> None:
        self.settings, self.progress = settings, progress
        self._lenient = lenient
        self._cache, self._erased = Cache(), 0
        self.seed = SEED

    # What the questions stand on

    @cached_property
    def framework(self) -> Framework:
        """The office's framework, or the shipped one."""
        return read_framework(self.settings.framework or SHIPPED)

    @cached_property
    def store(self) -> Store:
        """The store, made or migrated on first use."""
        store = Store(self.settings.url)
        store.prepare()
        return store

    def snapshot(self, as_of: Day = None, version: int | None = None) -> Snapshot:
        """The tables as seen on a day."""
        if self.store.erased() != self._erased:
            self._erased = self.store.erased()
            self._cache.clear()
        asked, day = version or self.store.version(), _day(as_of)
        seen = self._cache.get(("snapshot", asked, day), lambda: self.store.snapshot(asked, day))
        return self._cache.get(("snapshot", asked, seen.as_of), lambda: seen)

    def shelf(self, name: str | None = None) -> "Shelf":
        """The published model (or the one of that name and no other), loaded and checked against its digest."""
        from service.shelf import take

        record = self.store.current_model()
        wanted = name or (record.name if record else None)
        lenient = self._lenient and name is None
        return self._cache.get(
            ("shelf", wanted, lenient), lambda: take(self.store, self.settings.models, wanted, lenient=lenient)
        )

    # Tables in

    def sample(
        self,
        folder: Path,
        *,
        kind: str = "plain",
        mentors: int | None = None,
        businesses: int | None = None,
        months: int | None = None,
        seed: int = 0,
    ) -> dict[str, Any]:
        """Write a sample city to a folder: rows per table, and where they stand."""
        from data.sample import make_city, write_city

        self.progress(0.0, sentence("Making a sample city"))
        try:
            city = make_city(kind, mentors=mentors, businesses=businesses, months=months, seed=seed)
            counts = write_city(city, folder)
        except (ValueError, OSError) as fault:
            raise InputRefused(
                sentence("The sample city cannot be made: %(fault)s", fault=str(fault)),
                where=sentence("the options of sample"),
                mend=sentence("Correct the option named, or choose another folder."),
            ) from fault
        return {**counts, "kind": kind, "seed": seed, "folder": folder}

    # Answers

    def index(self, *, by: str = "program", as_of: Day = None) -> dict[str, Any]:
        """The index with its companions, by program, district or mentor; never ranked."""
        from training.indexing import index_groups

        if by not in {"program", "district", "mentor"}:
            raise InputRefused(
                sentence("The index is not known by %(by)s.", by=by),
                where=sentence("the option %(option)s", option="--by"),
                mend=sentence("Choose program, district or mentor."),
            )
        seen = self.snapshot(as_of)
        groups = self._cache.get(
            ("index", by, seen.version, seen.as_of),
            lambda: index_groups(seen, self.framework, by, seed=SEED, progress=self.progress),  # type: ignore[arg-type]
        )
        return {"groups": groups, **_standing(seen)}

    def train(self, *, outcome: str | None = None, as_of: Day = None) -> dict[str, Any]:
        """Learn, validate and publish a model."""
        from service.shelf import learn

        seen = self.snapshot(as_of)
        return learn(
            self.store,
            self.settings.models,
            seen,
            self.framework,
            outcome=outcome,
            seed=SEED,
            progress=self.progress,
        )

    def score(self, *, mentor: str | None = None, as_of: Day = None) -> dict[str, Any]:
        """Where each mentor stands (or one of them); works without a model."""
        from training.scoring.scoring import score

        seen, shelf = self.snapshot(as_of), self.shelf()
        answer = self._cache.get(
            ("score", mentor, seen.version, seen.as_of, shelf.name),
            lambda: score(seen, self.framework, shelf.model, mentor, index=self._about_mentors(seen, mentor)),
        )
        names = dict(zip(seen["mentors"]["mentor_id"], seen["mentors"]["name"], strict=True))
        named = [{"mentor_id": row["mentor_id"], "name": names[row["mentor_id"]], **row} for row in answer["mentors"]]
        told = {"hindsight": shelf.hindsight(seen.as_of), **_standing(seen)}
        return {**answer, "mentors": named, **self._words(seen), **told}

    def _words(self, seen: Snapshot) -> dict[str, Any]:
        """Label and standard of every area, and the unit of an outcome of the dataset's own (None: growth)."""
        from service.shelf import words_of

        own = seen.dataset.outcome
        return {
            "areas": words_of(seen, self.framework),
            "unit": (seen.dataset.unit or own) if own else None,
        }

    def _about_mentors(self, seen: Snapshot, mentor: str | None) -> dict[str, dict[str, Any]]:
        """The index about each mentor (or one), with its caveat, and the delivery rate."""
        from training.indexing import mentor_verdicts

        if not len(seen["responses"]):
            none = sentence("There are no answers about this mentor.")
            lacking = {"respondents": 0, "ks": None, "band": None, "verdict": None, "reason": none}
            return {mentor: {"index": lacking, "delivery_rate": None} for mentor in seen["mentors"]["mentor_id"]}
        shown = ("respondents", "ks", "band", "verdict", "reason", "caveat")
        return {
            group.group: {
                "index": {name: getattr(group, name) for name in shown},
                "delivery_rate": group.delivery_rate,
            }
            for group in mentor_verdicts(seen, self.framework, mentor)
        }

    def explain_mentor(self, mentor_id: str, *, against: str | None = None, as_of: Day = None) -> dict[str, Any]:
        """The reasons behind a mentor's expected growth, or behind its difference from another mentor's."""
        from training.scoring.explaining import explain_mentor

        seen, shelf = self.snapshot(as_of), self.shelf()
        return self._cache.get(
            ("explain mentor", mentor_id, against, seen.version, seen.as_of, shelf.name),
            lambda: explain_mentor(seen, self.framework, shelf.needed(), mentor_id, against),
        )

    def explain_engagement(
        self, engagement_id: str, *, against: str | None = None, as_of: Day = None
    ) -> dict[str, Any]:
        """The reasons behind an engagement's expected growth, or behind its difference from another's."""
        from training.scoring.explaining import explain_engagement

        seen, model = self.snapshot(as_of), self.shelf().needed()
        return explain_engagement(seen, self.framework, model, engagement_id, against)

    def plan(self, *, budget: int | str, as_of: Day = None, out: Path | None = None, **options: Any) -> dict[str, Any]:
        """Make and store a training plan.

        ``options``: most (courses per mentor), risk (mean or cautious), lock and forbid (MENTOR:COURSE texts), hours
        (most JP for one mentor), floor (DISTRICT:N texts) and area_cap (AREA:N texts).
        """
        from service import plan_request, plans
        from service.letterhead import letter_of

        request = plan_request.request(budget, seed=SEED, **options)
        plans.check_out(out)
        answer = plans.make_and_keep(self.store, self.prepared(as_of), self.shelf(), request, self.progress)
        if out is not None:
            letter = letter_of(self.framework.office)
            plans.write(answer, out, Language(self.settings.lang), letter)
        return answer

    def stored_plan(self, plan_id: int | str) -> dict[str, Any]:
        """A stored plan as it was given."""
        from service import plans

        return plans.as_stored(plans.stored(self.store, plan_id))

    def rerun_plan(self, plan_id: int | str) -> dict[str, Any]:
        """Make a stored plan again from the data version, day, model and seed it was made of: the same bytes."""
        from service import plans
        from service.shelf import Shelf

        record = plans.stored(self.store, plan_id)
        return self._cache.get(
            ("plan", record.id),
            lambda: plans.again(
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

    def models(self) -> dict[str, Any]:
        """The published models, the newest first: which one is in use, and whether their files are whole."""
        from service import models

        return models.listed(self.store, self.settings.models)

    def model(self, name: str | None = None) -> dict[str, Any]:
        """What training answered for a version (default: the one in use), and what is recorded of it."""
        from service import models
        from service.shelf import none_yet

        record = self.shelf(name).record
        if record is None:
            raise none_yet()
        return models.told(self.store, record, self._words(self.snapshot())["areas"])

    def model_card(self, name: str | None = None, *, lang: str | None = None, out: Path | None = None) -> "Card":
        """The card of a version (default: the one in use) in a language; ``out``: also as a file, .md or .pdf."""
        from model.index.verdict import caveat
        from service import model_card
        from service.letterhead import letter_of

        model_card.check_out(out)
        spoken = Language(lang or self.settings.lang)
        told = self.model(name)
        card = model_card.compose(told, caveat(self.framework.index), spoken, self.promises_held(told["model"]))
        if out is not None:
            model_card.write(card, out, letter_of(self.framework.office), str(told["published"]["as_of"]))
        return card

    def model_card_pdf(self, name: str, *, lang: str | None = None) -> bytes:
        """The card of a version as PDF, in a language."""
        from service.letterhead import letter_of
        from service.reports import pdf

        card, record = self.model_card(name, lang=lang), self.shelf(name).record
        return pdf.of_card(card, letter_of(self.framework.office), str(record.as_of if record else ""))

    def roll_back(self, name: str | None = None) -> dict[str, Any]:
        """Go back to the last whole model before the one in use, or bring the named one into use."""
        from service import models

        return models.rolled_back(self.store, self.settings.models, name)

    def learned(self) -> dict[str, Any] | None:
        """What training answered for the model in use; None where there is no model."""
        from service.keeping import thaw

        record = self.shelf().record
        return None if record is None else {**thaw(record.answer), **self._words(self.snapshot())}

    def health(self) -> dict[str, Any]:
        """Whether the store answers, and its data version."""
        return {"status": "ok", "data_version": self.store.version()}

    def standing(self, as_of: Day = None) -> dict[str, Any]:
        """What the answers rest on: data version, day, rows per table, the model, and a banner where it is damaged."""
        seen, shelf = self.snapshot(as_of), self.shelf()
        return {
            **_standing(seen),
            "rows": {name: len(frame) for name, frame in seen.tables.items()},
            "model": shelf.record,
            "banner": shelf.banner,
        }

    # The whole of it

    def demo(self) -> dict[str, Any]:
        """Sample city, import, training, index and plan; a second call reuses the city of the first."""
        from service.keeping import thaw

        made = self.store.get(DEMO)
        if made is None and self.store.version() > 0:
            raise StoreRefused(
                sentence("This home holds data of your own; the demo does not mix with them."),
                where=sentence("the home folder %(home)s", home=str(self.settings.home)),
                mend=sentence("Give the demo a home of its own: --home FOLDER."),
            )
        folder = self.settings.home / "sample"
        if made is None or "import" not in made:
            city = self.sample(folder, **DEMO_CITY)
            made = {"sample": city | {"folder": folder.as_posix()}}
            self.store.put(DEMO, made)
            taken = take(self, [folder], {}, keep=True)
            made |= {"import": {kind: taken[kind] for kind in ("new", "changed", "unchanged")} | {"refused": []}}
            self.store.put(DEMO, made)
        model = self.store.current_model()
        fresh = model is not None and model.data_version == self.store.version()
        trained = thaw(model.answer) if model and fresh else self.train()
        words = {"areas": self._words(self.snapshot())["areas"]}
        return {**made, "train": {**words, **trained}, "index": self.index(), "plan": self.plan(budget=DEMO_BUDGET)}

    def doctor(self) -> dict[str, Any]:
        """Look the installation over."""
        from service import doctor

        return {"checks": doctor.look(self.settings)}


def _day(day: Day) -> date | None:
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as fault:
        raise InputRefused(
            sentence("%(value)s is not a day of the calendar.", value=day),
            where=sentence("the as-of day"),
            mend=sentence("Write the day as year-month-day, for example 2026-12-31."),
        ) from fault


def _standing(seen: Snapshot) -> dict[str, Any]:
    return {"data_version": seen.version, "as_of": seen.as_of}
