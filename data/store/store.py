"""The store: one object over the database, for all that is imported, learned, planned and set."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import pandas as pd
import sqlalchemy as sa

from data import failpoints
from data.batch import Batch
from data.snapshot import Snapshot, snapshot_of
from data.store import audit, decisions, records, versions
from data.store.decisions import Approval, Decision, Kept, Promise
from data.store.desk import DeskStore
from data.store.engine import open_engine, reading, writing
from data.store.filing import Filing
from data.store.importing import difference, stored_ids, write_rows
from data.store.marks import Held, Pulse, mark
from data.store.matches import Matches
from data.store.migrating import made, prepare
from data.store.people_store import PeopleStore
from data.store.records import ModelDraft, ModelRecord, ModelUse, PlanDraft, PlanRecord
from data.store.rows import read_table
from data.store.schema import POSITION
from data.store.versions import (
    Counts,
    Version,
    add_version,
    all_versions,
    current_version,
    dataset_at,
    existing_version,
)
from data.store.working import Working
from model.refusals import NotFound
from model.sentences import sentence
from model.tables import TABLES

T = TypeVar("T")
_REFERRED = ("mentors", "businesses", "items", "courses", "engagements")


class Store(Filing, PeopleStore, Working, Matches, DeskStore):
    """Tables, models, plans and settings in one SQLite or PostgreSQL database.

    ``url``: ``sqlite:///FILE`` or ``postgresql+psycopg://…``. Nothing is connected to before a method is called, and
    :meth:`prepare` comes first. Every method opens and ends its own transaction; writers follow one another.

    Raises (every method):
        StoreRefused: the database cannot be reached, read or written.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._pulse = Pulse(self._engine)
        self._held = Held(self._pulse)

    def prepare(self) -> None:
        """Make or migrate the database; refuses one that a newer version of Suluh made."""
        prepare(self._engine)

    def made(self) -> bool:
        """Whether :meth:`prepare` was ever run on this database."""
        return made(self._engine)

    def close(self) -> None:
        """Close the open connections; the store opens new ones when it is used again."""
        self._pulse.close()
        self._held = Held(self._pulse)
        self._engine.dispose()

    def pulse(self) -> object:
        """Something that equals the last one only if no process has committed anything since."""
        return self._pulse.beat()

    def mark(self) -> str:
        """What stands for all that answers are made of: data, models, plans, decisions; the same in every process."""
        return self._held.get("mark", lambda: mark(self._engine))

    def version(self) -> int:
        """Number of the newest data version; 0 when nothing was imported yet."""
        return self._held.get("version", lambda: self._read(current_version))

    def _read(self, question: Callable[[sa.Connection], T]) -> T:
        with reading(self._engine) as connection:
            return question(connection)

    def versions(self) -> list[Version]:
        """Every import, the newest first."""
        with reading(self._engine) as connection:
            return all_versions(connection)

    def known(self) -> Mapping[str, frozenset[str]]:
        """Ids of the stored mentors, businesses, items, courses and engagements, by table."""
        with reading(self._engine) as connection:
            return {name: stored_ids(connection, name) for name in _REFERRED}

    def compare(self, batch: Batch) -> Counts:
        """What importing the batch would add and change; stores nothing.

        Raises:
            InputRefused: the batch has faults or cannot be stored as it is.
        """
        with reading(self._engine) as connection:
            return difference(connection, batch, current_version(connection)).counts

    def commit(self, batch: Batch, *, files: Sequence[tuple[str, str]] = (), note: str = "") -> tuple[int, Counts]:
        """Import a batch: compare, then append its new and changed rows under a new data version, all or nothing.

        Args:
            batch: rows without faults.
            files: (name, sha256) of the files read.
            note: who imported it or why.

        Returns:
            The data version that now stands and the counts. Where no row is new or changed and the batch brings no
            other dataset, no version is made.

        Raises:
            InputRefused: the batch has faults or cannot be stored as it is; the store is as before.
        """
        with writing(self._engine) as connection:
            standing = current_version(connection)
            found = difference(connection, batch, standing)
            another = batch.dataset is not None and batch.dataset != dataset_at(connection, standing)
            if not found.counts.any_written and not another:
                return standing, found.counts
            version = add_version(connection, found.counts, batch.dataset, files, note)
            write_rows(connection, found, version)
            failpoints.reach("import")
            audit.record(connection, "import", f"data:{version}")
            return version, found.counts

    def undo(self, version: int, *, note: str = "") -> int:
        """Take the newest standing import back: a new data version at which its rows do not count.

        Raises:
            InputRefused: ``version`` is not the newest standing import.
        """
        with writing(self._engine) as connection:
            made = versions.undo(connection, version, note)
            audit.record(connection, "import-undo", f"data:{version}")
            return made

    def snapshot(self, version: int | None = None, as_of: date | None = None, today: date | None = None) -> Snapshot:
        """The tables as they stood at a data version (default: the newest), seen on a day (default: their newest day).

        ``today`` is that day where no row has one.
        Rows come in the order in which their keys were first imported, items in that of their own table. Version 0
        has no rows.

        Raises:
            NotFound: there is no such version.
        """
        with reading(self._engine) as connection:
            asked = existing_version(connection, version)
            tables = {name: read_table(connection, table, asked) for name, table in TABLES.items()}
            dataset = dataset_at(connection, asked)
        placed = tables["items"].sort_values(POSITION, kind="stable", ignore_index=True)
        tables["items"] = placed.drop(columns=POSITION)
        return snapshot_of(tables, asked, dataset, as_of, today)

    def now(self, *names: str) -> Mapping[str, pd.DataFrame]:
        """The tables of these names as they stand at the newest data version."""
        with reading(self._engine) as connection:
            asked = current_version(connection)
            return {name: read_table(connection, TABLES[name], asked) for name in names}

    def save_model(self, draft: ModelDraft, *, publish: bool = True) -> ModelRecord:
        """Record a model whose file is written already and, with ``publish``, make it the current one.

        The very same file under the same name is recorded once.

        Raises:
            StoreRefused: another file was recorded under this name.
        """
        with writing(self._engine) as connection:
            made = records.add_model(connection, draft)
            failpoints.reach("train")
            audit.record(connection, "model.add", f"model:{made.name}", sha256=made.sha256)
            if publish:
                self._point_to(connection, made)
            return made

    def current_model(self) -> ModelRecord | None:
        """The model in use, or None when none was published."""
        return self._held.get("model", lambda: self._read(records.pointed_model))

    def models(self) -> list[ModelRecord]:
        """Every recorded model, the newest first."""
        with reading(self._engine) as connection:
            return records.all_models(connection)

    def model_uses(self) -> list[ModelUse]:
        """Which model came into use when, the newest first."""
        with reading(self._engine) as connection:
            return records.all_uses(connection)

    def use_model(self, name: str) -> ModelRecord:
        """Make a recorded model the current one; the moment is recorded.

        Raises:
            NotFound: there is no model of that name.
        """
        with writing(self._engine) as connection:
            found = records.find_model(connection, name)
            if found is None:
                raise NotFound(sentence("model"), name)
            self._point_to(connection, found)
            return found

    @staticmethod
    def _point_to(connection: sa.Connection, model: ModelRecord) -> None:
        if records.point_to(connection, model):
            failpoints.reach("publish")
            audit.record(connection, "model.use", f"model:{model.name}")

    def save_plan(self, draft: PlanDraft) -> PlanRecord:
        """Keep a plan under the next id."""
        with writing(self._engine) as connection:
            made = records.add_plan(connection, draft)
            failpoints.reach("plan")
            audit.record(connection, "plan.make", f"plan:{made.id}", sha256=made.sha256)
            return made

    def plan(self, identifier: int) -> PlanRecord:
        """The plan of that id.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return records.stored_plan(connection, identifier)

    def plans(self) -> list[PlanRecord]:
        """Every plan, the newest first."""
        with reading(self._engine) as connection:
            return records.all_plans(connection)

    def approve_plan(
        self, identifier: int, name: str, role: str, decided: Sequence[Decision], promises: Sequence[Promise]
    ) -> Approval:
        """Record who approved a plan, and keep its predictions, in one transaction.

        Args:
            identifier: of the plan.
            name: of who approves.
            role: theirs.
            decided: the decisions that ``promises`` was made from.
            promises: what is to be kept.

        Raises:
            NotFound: there is no such plan.
            PlanRefused: it is approved already, or another decision was recorded meanwhile.
        """
        with writing(self._engine) as connection:
            approval = decisions.approve(connection, identifier, name, role, decided=decided, promises=promises)
            failpoints.reach("approve")
            audit.record(connection, "plan.approve", f"plan:{identifier}")
            return approval

    def approval(self, identifier: int) -> Approval | None:
        """Who approved a plan; None while it is a draft."""
        with reading(self._engine) as connection:
            return decisions.approval_of(connection, identifier)

    def approved_plans(self) -> frozenset[int]:
        """Ids of the approved plans."""
        with reading(self._engine) as connection:
            return decisions.approved(connection)

    def decide(self, decision: Decision, known: int | None = None) -> Decision:
        """Record a decision on one choice of a plan.

        ``known``: how many decisions on the choice the person had seen; None where that is not asked.

        Raises:
            NotFound: there is no such plan.
            PlanRefused: the plan is approved already, or there are other decisions on the choice than were seen.
        """
        with writing(self._engine) as connection:
            made = decisions.decide(connection, decision, known)
            failpoints.reach("decide")
            subject = f"plan:{decision.plan} {decision.mentor_id}:{decision.course_id}"
            audit.record(connection, "plan.decide", subject, decision=decision.decision)
            return made

    def decisions(self, identifier: int) -> list[Decision]:
        """Every decision on a plan, the oldest first."""
        with reading(self._engine) as connection:
            return decisions.decisions_of(connection, identifier)

    def kept_predictions(self) -> list[Kept]:
        """Every prediction kept at an approval, the oldest first."""
        with reading(self._engine) as connection:
            return decisions.ledger(connection)

    def get(self, key: str) -> Any:
        """The value of a setting; None where it was never set."""
        with reading(self._engine) as connection:
            return records.get_setting(connection, key)

    def put_once(self, key: str, value: Any) -> None:
        """Set a setting unless it was ever set."""
        with writing(self._engine) as connection:
            if records.get_setting(connection, key) is None:
                records.put_setting(connection, key, value)

    def put(self, key: str, value: Any) -> None:
        """Set a setting to a JSON value, in place of the former one."""
        with writing(self._engine) as connection:
            records.put_setting(connection, key, value)
