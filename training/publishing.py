"""A published model: one .npz of plain arrays with its JSON inside, written whole or not at all, checked before use.

No pickle: opening a model file can run no code. The same model gives the same bytes (the archive's dates are fixed).
"""

import hashlib
import importlib.metadata
import io
import json
import os
import platform
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from data.whole_files import give_name, settle
from model.effects import Effects, LearnedEffects
from model.forms import Own
from model.learning.conformal import Residuals
from model.learning.lookup import Lookup, lookup_of
from model.learning.relation import Fit
from model.learning.tables import Tables
from model.refusals import ModelRefused
from model.sentences import Sentence, sentence
from training.learning.background import Background
from training.learning.controls import Controls
from training.learning.features import Features
from training.learning.fold_rows import FoldRows
from training.learning.ranges import Seen

if TYPE_CHECKING:
    from training.learning.training import Learned

Floats = NDArray[np.float64]
T = TypeVar("T")

FORMAT = 4
_READ = {3, FORMAT}
"""Editions of the file that are read; those before 4 did not keep the rows of the folds."""
_META, _ROWS = "meta", "rows_"
_TABLES, _BINS, _OWN = "tables_", "background_bins", "effects_own_"
_LIBRARIES = ("numpy", "scipy", "scikit-learn")
_UNREADABLE = (
    *(
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        MemoryError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    ),
    *(zipfile.BadZipFile, zlib.error),
)
"""What reading a foreign archive that has the right digest can raise."""


@dataclass(frozen=True)
class PublishedFile:
    """A model file as written."""

    name: str
    sha256: str
    path: Path


@dataclass(frozen=True)
class Model:
    """What score, explain and plan read of a published model.

    ``about``: outcome, data_version, as_of, seed. ``with_need``: (A) whether score × need is in the relation.
    ``boosted``: where trees of pairs predict, what they read; None where the relation predicts.
    """

    name: str
    about: Mapping[str, Any]
    effects: LearnedEffects
    relation: Fit
    with_need: NDArray[np.bool_]
    controls: Controls
    background: Background
    residuals: Residuals
    seen: Seen
    boosted: "Boosted | None" = None

    @property
    def areas(self) -> tuple[str, ...]:
        """The A areas learned from."""
        return self.effects.effects.areas


@dataclass(frozen=True)
class Boosted:
    """Trees of pairs as tables: the ``features`` they read and the ``lookup`` of exact shares."""

    features: Features
    lookup: Lookup


def save(learned: "Learned", folder: Path, name: str) -> PublishedFile:
    """Write ``folder``/``name``.npz: to a temporary name, to the disk, then under its own name, never over another.

    Raises:
        FileExistsError: a model file of that name is there already.
        OSError: the disk does not take the file; nothing stays behind.
    """
    content = _archive(*_parts(learned, name))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.npz"
    part = folder / f".{name}.{os.getpid()}.part"
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        give_name(part, path)
    finally:
        part.unlink(missing_ok=True)
    settle(folder)
    return PublishedFile(name, hashlib.sha256(content).hexdigest(), path)


def load(path: Path, sha256: str) -> Model:
    """Read a model file, after its bytes have been checked against the digest kept in the database.

    Raises:
        ModelRefused: the file is gone, altered, cut short, or of another format.
    """
    return _read(path, sha256, lambda name: name != _META and not name.startswith(_ROWS), _model)


def load_rows(path: Path, sha256: str) -> FoldRows | None:
    """The rows of the folds in a model file, checked in the same way; None where its edition did not keep them.

    Raises:
        ModelRefused: as :func:`load`.
    """
    return _read(
        path,
        sha256,
        lambda name: name.startswith(_ROWS),
        lambda _, arrays: FoldRows.from_arrays(_under(arrays, _ROWS)) if arrays else None,
    )


def _read(path: Path, sha256: str, wanted: Callable[[str], bool], made: Callable[[Any, Any], T]) -> T:
    """What is made of the meta data and the arrays wanted; the others are not unpacked."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise _damaged(path, sentence("The model file cannot be read.")) from fault
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(path, sentence("The model file is not the one that was published: its digest differs."))
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            meta = json.loads(archive[_META].tobytes().decode("utf-8"))
            if meta["format"] not in _READ:
                raise _damaged(path, sentence("The model file is of another version of the programme."))
            return made(meta, {key: archive[key] for key in archive.files if wanted(key)})
    except _UNREADABLE as fault:
        raise _damaged(path, sentence("The model file does not hold what a model needs.")) from fault


def _damaged(path: Path, what: Sentence) -> ModelRefused:
    return ModelRefused(
        what,
        where=sentence("%(file)s", file=path.name),
        mend=sentence("Bring the file back from a backup, go back with model rollback, or run train."),
    )


def made_with() -> dict[str, str]:
    """Versions that a model file is written with, for the record: its format, Python and the libraries."""
    libraries = {name: importlib.metadata.version(name) for name in _LIBRARIES}
    return {"format": str(FORMAT), "Python": platform.python_version(), **libraries}


def _parts(learned: "Learned", name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    estimates, background = learned.estimates, learned.background
    effects = estimates.effects
    meta = {
        "format": FORMAT,
        "name": name,
        "made_with": made_with(),
        "supported": learned.supported,
        "areas": list(effects.areas),
        "controls": learned.prepared.controls.as_json(),
        "residuals": asdict(learned.residuals),
        "seen": learned.seen.as_json(),
        "reference": background.reference,
        "about": {
            "outcome": learned.prepared.outcome,
            "data_version": learned.answer["data_version"],
            "as_of": learned.answer["as_of"].isoformat(),
            "seed": learned.answer["seed"],
        },
    }
    arrays = {
        "coefficients": learned.relation.coefficients,
        "fill": learned.relation.fill,
        "with_need": learned.prepared.basis.with_need,
        "effects_bends": effects.bends,
        "effects_weights": effects.weights,
        "effects_means": effects.means,
        "effects_covariances": effects.covariances,
        "effects_has_need": effects.has_need,
        "effects_z": estimates.z(),
        "effects_robustness": estimates.robustness(),
        "mentor_scores": learned.prepared.newest,
        "background_controls": background.controls,
        "background_scores": background.scores,
        "background_needs": background.needs,
        "background_weights": background.weights,
        "background_rows": background.rows,
    }
    arrays |= {_ROWS + key: array for key, array in learned.fold_rows.as_arrays().items()}
    if effects.own is not None:
        arrays |= {_OWN + key: array for key, array in effects.own.as_arrays().items()}
    if learned.pairs is not None:
        meta["features"] = learned.pairs.pairs.features.as_json()
        arrays |= {_TABLES + key: table for key, table in learned.pairs.pairs.tables.as_arrays().items()}
        arrays[_BINS] = learned.pairs.background
    return meta, arrays


def _archive(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    text = json.dumps(meta, sort_keys=True, ensure_ascii=False, allow_nan=False).encode("utf-8")
    parts = {_META: np.frombuffer(text, dtype=np.uint8), **arrays}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for key in sorted(parts):
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(parts[key]), allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{key}.npy", (1980, 1, 1, 0, 0, 0)), entry.getvalue(), zipfile.ZIP_DEFLATED
            )
    return whole.getvalue()


def _model(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    effects = Effects(
        tuple(meta["areas"]),
        arrays["effects_bends"],
        arrays["effects_weights"],
        arrays["effects_means"],
        arrays["effects_covariances"],
        arrays["effects_has_need"],
        Own.from_arrays(own) if (own := _under(arrays, _OWN)) else None,
    )
    known = LearnedEffects(
        meta["name"],
        bool(meta["supported"]),
        effects,
        arrays["effects_z"],
        arrays["effects_robustness"],
        arrays["mentor_scores"],
    )
    background = Background(
        rows=arrays["background_rows"],
        controls=arrays["background_controls"],
        scores=arrays["background_scores"],
        needs=arrays["background_needs"],
        weights=arrays["background_weights"],
        reference=meta["reference"],
    )
    return Model(
        meta["name"],
        meta["about"],
        known,
        Fit(arrays["coefficients"], arrays["fill"], traits=True),
        arrays["with_need"],
        Controls.from_json(meta["controls"]),
        background,
        Residuals(**meta["residuals"]),
        Seen.from_json(meta["seen"]),
        _boosted(meta["features"], arrays) if "features" in meta else None,
    )


def _under(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """The arrays whose names begin with the prefix, without it."""
    return {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}


def _boosted(plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Boosted:
    """The tables with their expectations worked out.

    Raises:
        ValueError, LookupError: the arrays do not fit together.
    """
    tables, bins = Tables.from_arrays(_under(arrays, _TABLES)), arrays[_BINS]
    features = Features.from_json(plain)
    if bins.min() < 0 or len(features.names) != len(tables.mains) or bins.shape[1] != len(tables.mains):
        raise ValueError("tables of other features")
    return Boosted(features, lookup_of(tables, bins, arrays["background_weights"]))
