"""The published models: learns one, keeps it, takes it off the shelf again whole, or says it is damaged."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from data.snapshot import Snapshot
from data.store.records import ModelDraft, ModelRecord
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress
from model.refusals import ModelRefused, NotFound
from model.sentences import Sentence, sentence
from service.keeping import keep
from training.publishing import Model, load, save


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
            raise ModelRefused(
                sentence("No model has been learned yet."),
                where=sentence("the home folder"),
                mend=sentence("Run train first; it needs engagements with reports before and after, and assessments."),
            )
        return self.model


def take(store: Store, folder: Path, name: str | None, *, lenient: bool) -> Shelf:
    """The model of that name, checked against its digest; empty where ``name`` is None.

    Raises:
        NotFound: there is no model of that name.
        ModelRefused: its file is damaged or gone, and not ``lenient``.
    """
    if name is None:
        return Shelf()
    records = store.models()
    wanted = next((record for record in records if record.name == name), None)
    if wanted is None:
        raise NotFound(sentence("model"), name)
    try:
        return Shelf(wanted, load(folder / wanted.file, wanted.sha256))
    except ModelRefused:
        if not lenient:
            raise
    return _last_good([record for record in records if record.number < wanted.number], folder, wanted)


def _last_good(older: list[ModelRecord], folder: Path, damaged: ModelRecord) -> Shelf:
    for record in older:
        try:
            model = load(folder / record.file, record.sha256)
        except ModelRefused:
            continue
        banner = sentence(
            "The model %(damaged)s is damaged; the pages use the older model %(name)s. Run train.",
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
    written = save(learned, folder, _next_name(store, folder))
    answer = {"model": written.name, **learned.answer}
    draft = ModelDraft(
        written.name, seen.version, seen.as_of, written.path.name, written.sha256, seed, answer=keep(answer)
    )
    store.save_model(draft)
    return answer


def _next_name(store: Store, folder: Path) -> str:
    number = max((record.number for record in store.models()), default=0) + 1
    while (folder / f"model-{number:04d}.npz").exists():
        number += 1
    return f"model-{number:04d}"
