"""What a person can ask of Suluh: one method per question, over one installation. Composes the rooms, computes nothing.

This is the Python API too: ``Programme(settings(home="instance")).index(by="district")``. Answers hold sentences and
figures as the rooms give them; :func:`service.rendering.render` makes them plain in a language. Each method imports
only the rooms it needs, so that no question waits for the libraries of another.
"""

from collections.abc import Mapping
from typing import Any

from model.refusals import InputRefused, ModelRefused, StoreRefused
from model.sentences import sentence
from service.cases.analysis import AnalystCases
from service.cases.desk import DeskCases
from service.cases.imports import DEMO, IntakeCases, take
from service.cases.jobs import JobCases
from service.cases.matches import MatchCases
from service.cases.mentors import MentorCases
from service.cases.models import ModelCases
from service.cases.objections import ObjectionCases
from service.cases.people import PeopleCases
from service.cases.plans import PlanCases
from service.cases.plots import PlotCases
from service.cases.reports import ReportCases
from service.cases.scores import ScoreCases
from service.cases.tables import TableCases
from service.installation import SEED, Day, standing_of

DEMO_CITY: Mapping[str, Any] = {"mentors": 120, "businesses": 3000, "months": 36, "seed": 7}
"""Large enough to learn from, small enough to be ready in half a minute."""
DEMO_BUDGET = 150_000_000


class Programme(
    JobCases,
    MentorCases,
    AnalystCases,
    DeskCases,
    IntakeCases,
    MatchCases,
    ModelCases,
    ObjectionCases,
    PeopleCases,
    PlanCases,
    PlotCases,
    ReportCases,
    ScoreCases,
    TableCases,
):
    """The programme of one installation: every question of ``service/cases``, and those about the whole of it.

    Those that build on other questions stand first among the bases.
    """

    def index(self, *, by: str = "program", as_of: Day = None, version: int | None = None) -> dict[str, Any]:
        """The index with its companions, by program, district or mentor; never ranked."""
        from training.indexing import index_groups

        if by not in {"program", "district", "mentor"}:
            raise InputRefused(
                sentence("The index is not known by %(by)s.", by=by),
                where=sentence("the option %(option)s", option="--by"),
                mend=sentence("Choose program, district or mentor."),
            )
        seen = self.snapshot(as_of, version)
        groups = self._cache.get(
            ("index", by, seen.version, seen.as_of),
            lambda: index_groups(seen, self.framework, by, seed=SEED, progress=self.progress),  # type: ignore[arg-type]
        )
        return {"groups": groups, **standing_of(seen)}

    def health(self) -> dict[str, Any]:
        """Whether the store answers, its data version, and whether the published model could be taken.

        ``status``: ok, or degraded where it could not; ``banner`` then says what answers instead, else None.
        """
        version = self.store.version()
        try:
            banner = self.shelf().banner
        except ModelRefused as fault:
            banner = fault.what
        return {"status": "degraded" if banner else "ok", "data_version": version, "banner": banner}

    def standing(self, as_of: Day = None) -> dict[str, Any]:
        """What the answers rest on: data version, day, rows per table, the model, and a banner where it is damaged."""
        seen, shelf = self.snapshot(as_of), self.shelf()
        return {
            **standing_of(seen),
            "rows": {name: len(frame) for name, frame in seen.tables.items()},
            "model": shelf.record,
            "banner": shelf.banner,
        }

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
        words = {"areas": self.words(self.snapshot())["areas"]}
        return {**made, "train": {**words, **trained}, "index": self.index(), "plan": self.plan(budget=DEMO_BUDGET)}

    def doctor(self) -> dict[str, Any]:
        """Look the installation over."""
        from service import doctor

        return {"checks": doctor.look(self.settings)}
