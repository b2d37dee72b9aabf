"""One installation: its settings, framework, store, the tables as seen on a day, and the published model.

Everything that can be asked stands on it: the classes of ``service/cases`` add the questions.
"""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from data.framework_file import SHIPPED, read_framework
from data.snapshot import Snapshot
from data.store.records import PlanRecord
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress, silent
from model.refusals import InputRefused, StoreRefused
from model.sentences import Number, Sentence, sentence
from service.cache import Cache
from service.settings import Settings

if TYPE_CHECKING:
    from service.models.shelf import Shelf
    from training.scoring.prediction import Asked

SEED = 1
"""Seed of everything drawn: the same data give the same answer."""

Day = date | str | None
"""A day, its ISO text, or None for the newest day of the data."""


class Installation:
    """One installation.

    ``progress`` is told how far long work has come. ``lenient``: where the published model's file is damaged, go on
    with the last good one (the pages do, with a banner); the commands refuse.
    """

    def __init__(self, settings: Settings, *, progress: Progress = silent, lenient: bool = False) -> None:
        self.settings, self.progress = settings, progress
        self._lenient = lenient
        self._cache, self._erased = Cache(), 0
        self.seed = SEED

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

    def begun(self) -> bool:
        """Whether there is a store; asking makes none."""
        file = self.settings.database
        return Store(self.settings.url).made() if file is None else file.exists()

    def refuse_unbegun(self) -> None:
        """Let nobody read from a home in which nothing was begun, as a mistyped one is.

        Raises:
            StoreRefused: there is no store yet; none is made.
        """
        if not self.begun():
            raise StoreRefused(
                sentence("There is no installation in this folder."),
                where=sentence("the home folder %(home)s", home=str(self.settings.home)),
                mend=sentence("Give the folder of your installation with --home, or import your tables first."),
            )

    def snapshot(self, as_of: Day = None, version: int | None = None) -> Snapshot:
        """The tables as seen on a day."""
        if self.store.erased() != self._erased:
            self._erased = self.store.erased()
            self._cache.clear()
        asked, day, today = version or self.store.version(), _day(as_of), self.settings.today()
        key = ("snapshot", asked, day or ("newest", today))
        seen = self._cache.get(key, lambda: self.store.snapshot(asked, day, today))
        return self._cache.get(("snapshot", asked, seen.as_of), lambda: seen)

    def shelf(self, name: str | None = None) -> "Shelf":
        """The published model (or the one of that name and no other), loaded and checked against its digest."""
        from service.models.shelf import take  # noqa: PLC0415 - only who asks for the model waits for it

        record = self.store.current_model()
        wanted = name or (record.name if record else None)
        lenient = self._lenient and name is None
        return self._cache.get(
            ("shelf", wanted, lenient), lambda: take(self.store, self.settings.models, wanted, lenient=lenient)
        )

    def rows(self, seen: Snapshot, shelf: "Shelf") -> "Asked | None":
        """Every engagement as the shelf's model sees it; None without a model."""
        from training.scoring.prediction import asked  # noqa: PLC0415 - only who asks for rows waits for it

        key, model = ("asked", seen.version, seen.as_of, shelf.name), shelf.model
        return None if model is None else self._cache.get(key, lambda: asked(seen, self.framework, model))

    def since_made(self, record: PlanRecord) -> Sentence | None:
        """That data or model have changed since a plan or matching was made of them, where they have."""
        current = self.store.current_model()
        named = None if current is None else current.name
        if (record.data_version, record.model) == (self.store.version(), named):
            return None
        return sentence(
            "Made of data version %(version)s and %(model)s; in use now are version %(now)s and %(named)s. It does not "
            "know what came since: make it anew to use that.",
            version=Number(record.data_version),
            model=record.model or sentence("no model"),
            now=Number(self.store.version()),
            named=named or sentence("no model"),
        )

    def words(self, seen: Snapshot) -> dict[str, Any]:
        """Label and standard of every area, and the unit of an outcome of the dataset's own (None: growth)."""
        from service.models.shelf import words_of  # noqa: PLC0415 - the same

        own = seen.dataset.outcome
        return {
            "areas": words_of(seen, self.framework),
            "unit": (seen.dataset.unit or own) if own else None,
        }


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


def standing_of(seen: Snapshot) -> dict[str, Any]:
    """What every answer tells of what it rests on: ``data_version`` and ``as_of``."""
    return {"data_version": seen.version, "as_of": seen.as_of}
