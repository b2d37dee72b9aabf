"""The published models: learns one, keeps it, takes it off the shelf whole or says it is damaged, goes back to one.

A model is written as a file first; the store then records it and moves the pointer in one transaction. Whatever dies in
between, the model in use stays the one before; a file that no record names is never read.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.snapshot import Snapshot
from data.store.records import ModelDraft, ModelRecord
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress
from model.refusals import ModelRefused, NotFound, StoreRefused
from model.sentences import Sentence, sentence
from service.keeping import keep
from training.publishing import Model, PublishedFile, load, made_with, save

if TYPE_CHECKING:
    from training.learning.training import Learned


@dataclass(frozen=True)
class Shelf:
    """The model in use, if there is one; ``banner`` says when it stands in for a damaged newer one."""

    record: ModelRecord | None = None
    model: Model | None = None
    banner: Sentence | None = None

    @property
    def name(self) -> str | None:
        """Name of the model in use."""
        return self.record.name if self.record else None

    def hindsight(self, day: date) -> Sentence | None:
        """What must be said where the model has learned from later than the day that is looked at."""
        if self.record is None or self.record.as_of <= day:
            return None
        return sentence(
            "%(model)s has learned from data up to %(learned)s, later than the day looked at, %(day)s: what it says "
            "was not known on that day.",
            model=self.record.name,
            learned=self.record.as_of,
            day=day,
        )

    def needed(self) -> Model:
        """The model.

        Raises:
            ModelRefused: there is none yet.
        """
        if self.model is None:
            raise none_yet()
        return self.model


def none_yet() -> ModelRefused:
    """That there is no model."""
    return ModelRefused(
        sentence("No model has been learned yet."),
        where=sentence("the home folder"),
        mend=sentence("Run train first; it needs engagements with reports before and after, and assessments."),
    )


def take(store: Store, folder: Path, name: str | None, *, lenient: bool) -> Shelf:
    """The model of that name, checked against its digest; empty where ``name`` is None.

    Raises:
        NotFound: there is no model of that name.
        ModelRefused: its file is damaged or gone, and not ``lenient``.
    """
    if name is None:
        return Shelf()
    records = store.models()
    wanted = _named(records, name)
    try:
        return Shelf(wanted, load(folder / wanted.file, wanted.sha256))
    except ModelRefused:
        if not lenient:
            raise
    return _last_good([record for record in records if record.number < wanted.number], folder, wanted)


def _named(records: list[ModelRecord], name: str) -> ModelRecord:
    found = next((record for record in records if record.name == name), None)
    if found is None:
        raise NotFound(sentence("model"), name)
    return found


def fault_of(record: ModelRecord, folder: Path) -> Sentence | None:
    """What is wrong with the file of a version; None where it is whole."""
    try:
        load(folder / record.file, record.sha256)
    except ModelRefused as fault:
        return fault.what
    return None


def roll_back(store: Store, folder: Path, name: str | None) -> tuple[ModelRecord, ModelRecord]:
    """Bring the named version into use, or the newest whole one before that in use; gives it and the former.

    Raises:
        NotFound: there is no model of that name.
        ModelRefused: its file is damaged or gone, or there is no whole one to go back to.
    """
    records, former = store.models(), store.current_model()
    if former is None:
        raise none_yet()
    wanted = _before(former, records, folder) if name is None else _named(records, name)
    load(folder / wanted.file, wanted.sha256)
    return store.use_model(wanted.name), former


def _before(former: ModelRecord, records: list[ModelRecord], folder: Path) -> ModelRecord:
    older = (record for record in records if record.number < former.number)
    found = next((record for record in older if fault_of(record, folder) is None), None)
    if found is None:
        raise ModelRefused(
            sentence("There is no earlier model whose file is whole."),
            where=sentence("the stored models"),
            mend=sentence("Name one of model list, bring its file back from a backup, or run train."),
        )
    return found


def _last_good(older: list[ModelRecord], folder: Path, damaged: ModelRecord) -> Shelf:
    for record in older:
        try:
            model = load(folder / record.file, record.sha256)
        except ModelRefused:
            continue
        banner = sentence(
            "The model %(damaged)s is damaged; the pages use the older model %(name)s. Run train or model rollback.",
            damaged=damaged.name,
            name=record.name,
        )
        return Shelf(record, model, banner)
    banner = sentence(
        "The model %(damaged)s is damaged and there is no older one; the pages go on without a model. Run train.",
        damaged=damaged.name,
    )
    return Shelf(banner=banner)


def learn(
    store: Store,
    folder: Path,
    seen: Snapshot,
    framework: Framework,
    *,
    outcome: str | None,
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    """Learn, validate, write the file and publish it; gives what training answers."""
    from training.learning.training import train  # noqa: PLC0415 - the learners take long to import and only training needs them

    learned = train(seen, framework, outcome=outcome, seed=seed, progress=progress)
    written = _written(learned, store, folder)
    answer = {"model": written.name, **learned.answer, "areas": words_of(seen, framework), "made_with": made_with()}
    draft = ModelDraft(
        written.name, seen.version, seen.as_of, written.path.name, written.sha256, seed, answer=keep(answer)
    )
    store.save_model(draft)
    return answer


def words_of(seen: Snapshot, framework: Framework) -> dict[str, dict[str, Any]]:
    """Label and standard of every area, by its code."""
    areas = seen.dataset.areas or framework.areas
    return {code: {"label": area.label, "standard": area.standard} for code, area in areas.items()}


def _written(learned: "Learned", store: Store, folder: Path) -> PublishedFile:
    """The model as a file under the first name that neither a record nor a file has."""
    taken = {record.name for record in store.models()}
    number = len(taken) + 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            if f"model-{number:04d}" not in taken:
                with suppress(FileExistsError):
                    return save(learned, folder, f"model-{number:04d}")
            number += 1
    except OSError as fault:
        raise StoreRefused(
            sentence("The model cannot be written: %(fault)s", fault=fault.strerror or str(fault)),
            where=sentence("the folder %(folder)s", folder=str(folder)),
            mend=sentence("Free some space or allow writing there, and run train again; the model in use stays."),
        ) from fault
