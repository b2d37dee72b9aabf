"""The published models as people ask for them: which there are, what one says, its card, going back to an earlier."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.store.records import ModelRecord, ModelUse
from data.store.store import Store
from model.sentences import sentence
from service.keeping import thaw
from service.models.shelf import fault_of, roll_back


def listed(store: Store, folder: Path) -> dict[str, Any]:
    """The published models, the newest first: which is in use, since when, whether its file is whole, its answer."""
    current, uses = store.current_model(), store.model_uses()
    return {
        "models": [
            {
                "model": record.name,
                "current": current is not None and record.number == current.number,
                **_published(record, uses),
                **_state(record, folder),
                "answer": thaw(record.answer),
            }
            for record in store.models()
        ]
    }


def _published(record: ModelRecord, uses: list[ModelUse]) -> dict[str, Any]:
    return {
        "data_version": record.data_version,
        "as_of": record.as_of,
        "created_at": record.created_at,
        "file": record.file,
        "sha256": record.sha256,
        "used_at": [use.used_at for use in uses if use.name == record.name],
    }


def _state(record: ModelRecord, folder: Path) -> dict[str, Any]:
    fault = fault_of(record, folder)
    return {"whole": fault is None, "state": fault or sentence("whole")}


def told(store: Store, record: ModelRecord, areas: Mapping[str, Any]) -> dict[str, Any]:
    """What training answered for a version, and what is recorded of it; ``areas`` where an older answer lacks them."""
    return {"areas": areas, **thaw(record.answer), "published": _published(record, store.model_uses())}


def rolled_back(store: Store, folder: Path, name: str | None) -> dict[str, Any]:
    """Go back to an earlier version (or bring the named one into use); says from which and when.

    Raises:
        Refused: as :func:`service.models.shelf.roll_back`.
    """
    now, former = roll_back(store, folder, name)
    used = next(use.used_at for use in store.model_uses() if use.name == now.name)
    return {"model": now.name, "former": former.name, "used_at": used, "sha256": now.sha256}
