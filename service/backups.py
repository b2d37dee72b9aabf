"""Backups: everything of an installation in one file with digests, and back into an empty home, whole or not at all.

The file is a zip: ``manifest.json`` (SHA-256 of every other part, revision of the tables, last digest of the audit
log), ``tables/NAME.jsonl``, ``models/NAME.npz``, ``framework.toml``. It holds personal data and password hashes: keep
it as safe as the home folder. It is written under a temporary name, put on the disk, and named only then. A
model whose file is gone stops no backup: all else is worth having, and the answer tells what is lacking.
"""

import glob
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import failpoints
from data.store.archive import tables
from data.store.records import ModelRecord
from data.store.store import Store
from data.whole_files import give_name, settle
from model.refusals import InputRefused, StoreRefused
from model.sentences import Sentence, sentence
from service.settings import Settings

FORMAT = 1
_MANIFEST = "manifest.json"
_FRAMEWORK = "framework.toml"
_BLOCK = 1 << 20
_LARGEST_MANIFEST = 10_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What Python's reader of zip files may raise over one that is damaged."""


def backup(store: Store, settings: Settings, file: Path) -> dict[str, Any]:
    """Write a backup; others may go on working meanwhile. ``gaps`` tells of models whose file it does not hold whole.

    Raises:
        InputRefused: there is such a file already, it cannot be written, or a file that belongs in it cannot be read.
        StoreRefused: the audit log is broken.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for left in file.parent.glob(f".{glob.escape(file.name)}.*.partial"):  # of one that was killed
            left.unlink()
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            models = store.models()
            manifest = _write(store, settings, models, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED))
            out.flush()
            os.fsync(out.fileno())
        failpoints.reach("backup")
        give_name(part, file)
        settle(file.parent)
    except FileExistsError as fault:
        raise _refused(
            sentence("There is a file of this name already."), file, sentence("Give the backup another name.")
        ) from fault
    except OSError as fault:
        raise _unwritable(file, fault) from fault
    finally:
        part.unlink(missing_ok=True)
    digest = _digest_of(file)
    store.record("backup", sha256=digest, audit_rows=manifest["audit_rows"])
    size = file.stat().st_size
    return {"file": file, "bytes": size, "sha256": digest, **_told(manifest), "gaps": _lacking(models, manifest)}


def gaps(store: Store, settings: Settings) -> list[dict[str, Any]]:
    """The models whose file is missing or not as it was published: what it means for a backup, how to mend it."""
    kept = ((model, settings.models / model.file) for model in store.models())
    return _gaps((model, _digest_of(path) if path.exists() else None) for model, path in kept)


def _lacking(models: Iterable[ModelRecord], manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same of a backup, by the digests that its manifest tells."""
    parts = manifest["parts"]
    return _gaps((model, parts.get(f"models/{model.file}", {}).get("sha256")) for model in models)


def _gaps(found: Iterable[tuple[ModelRecord, str | None]]) -> list[dict[str, Any]]:
    return [_gap(model, digest) for model, digest in found if digest != model.sha256]


def _gap(model: ModelRecord, digest: str | None) -> dict[str, Any]:
    what = (
        sentence("The file of the model %(model)s is missing: the backup holds all but it.", model=model.name)
        if digest is None
        else sentence(
            "The file of the model %(model)s is damaged: it is in the backup, but cannot be used.", model=model.name
        )
    )
    mend = sentence("Bring the file back from an earlier backup; if it is the model in use, train makes a new one.")
    return {"model": model.name, "what": what, "mend": mend}


def _unwritable(file: Path, fault: OSError) -> InputRefused:
    said = sentence("The backup cannot be written: %(fault)s.", fault=fault.strerror or str(fault))
    return _refused(said, file, sentence("Free some space or give another folder."))


def _refused(what: Sentence, file: Path, mend: Sentence) -> InputRefused:
    return InputRefused(what, where=sentence("the file %(file)s", file=str(file)), mend=mend)


def _told(manifest: Mapping[str, Any]) -> dict[str, Any]:
    rows = {Path(name).stem: part["rows"] for name, part in manifest["parts"].items() if "rows" in part}
    models = sum(name.startswith("models/") for name in manifest["parts"])
    return {"made_at": manifest["made_at"], "rows": rows, "models": models, "audit_head": manifest["audit_head"]}


def _write(store: Store, settings: Settings, models: Iterable[ModelRecord], archive: zipfile.ZipFile) -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = {}
    with archive, store.dump() as moment:
        head = moment.head()
        for table in tables():
            made = _add(archive, f"tables/{table.name}.jsonl", moment.lines(table))
            parts[f"tables/{table.name}.jsonl"] = {"sha256": made[0], "rows": made[1] - 1}
        files = (*(settings.models / model.file for model in models), settings.home / _FRAMEWORK)
        for path in filter(Path.exists, files):
            name = path.name if path.name == _FRAMEWORK else f"models/{path.name}"
            parts[name] = {"sha256": _add(archive, name, _blocks(path))[0]}
        manifest = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), **head, "parts": parts}
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write a part; gives its SHA-256 and the number of pieces."""
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece)
            digest.update(piece)
            count += 1
    return digest.hexdigest(), count


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as fault:
        said = sentence("The file cannot be read: %(fault)s.", fault=fault.strerror or str(fault))
        raise _refused(said, path, sentence("See that it is a file that Suluh may read, then do it again.")) from fault


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


def restore(settings: Settings, file: Path) -> dict[str, Any]:
    """Bring a backup back into an empty home: every digest is checked before anything is written.

    Raises:
        InputRefused: the file is no backup, or a part of it is not as it was written.
        StoreRefused: the home or database holds something already.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        _check_parts(archive, manifest, file)
        store = Store(settings.url)
        try:
            _refuse_used(store, settings)
            _place_files(archive, manifest, settings)
            rows = store.load(manifest["revision"], _tables(archive, manifest))
            store.prepare()
            found = store.check_audit()
            store.record("restore", audit_head=manifest["audit_head"], made_at=manifest["made_at"])
            lacking = _lacking(store.models(), manifest)
        finally:
            store.close()
    whole = found.broken is None
    return {"file": file, "rows_written": rows, "audit_whole": whole, **_told(manifest), "gaps": lacking}


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as fault:
        mend = sentence("Check the path of the backup; nothing was changed.")
        raise _refused(sentence("There is no such file."), file, mend) from fault
    except (*_BROKEN, OSError) as fault:
        raise _damaged(file) from fault


def _damaged(file: Path, part: str = "") -> InputRefused:
    return _refused(
        sentence("This is no whole backup of Suluh (%(part)s).", part=part or file.name),
        file,
        sentence("Take another backup; nothing was changed."),
    )


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    try:
        if archive.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
            raise _damaged(file, _MANIFEST)
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        good = manifest["format"] == FORMAT and {*manifest["parts"], _MANIFEST} == set(archive.namelist())
        held = (manifest["revision"], manifest["made_at"], manifest["audit_head"], manifest["audit_rows"])
    except (*_BROKEN, KeyError, TypeError, ValueError) as fault:
        raise _damaged(file, _MANIFEST) from fault
    if not good or not all(isinstance(value, str) for value in held[:3]):
        raise _damaged(file, _MANIFEST)
    return manifest


def _check_parts(archive: zipfile.ZipFile, manifest: Mapping[str, Any], file: Path) -> None:
    for name, part in manifest["parts"].items():
        digest = hashlib.sha256()
        try:
            with archive.open(name) as content:
                while block := content.read(_BLOCK):
                    digest.update(block)
        except (*_BROKEN, OSError) as fault:
            raise _damaged(file, name) from fault
        plain = Path(name).name
        placed = name in {_FRAMEWORK, f"models/{plain}", f"tables/{plain}"}
        if digest.hexdigest() != part["sha256"] or not placed:
            raise _damaged(file, name)


def _refuse_used(store: Store, settings: Settings) -> None:
    if settings.database is not None and not settings.database.exists():
        return
    if store.used():
        raise StoreRefused(
            sentence("This home holds something already; a backup comes back into an empty one only."),
            where=sentence("the home folder %(home)s", home=str(settings.home)),
            mend=sentence("Restore into a home folder of its own: --home FOLDER."),
        )


def _place_files(archive: zipfile.ZipFile, manifest: Mapping[str, Any], settings: Settings) -> None:
    """Models and framework file; without a row that names them nobody reads these."""
    for name in (part for part in manifest["parts"] if not part.startswith("tables/")):
        target = settings.home / _FRAMEWORK if name == _FRAMEWORK else settings.models / Path(name).name
        part = target.with_name(f".{target.name}.partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as content, part.open("wb") as out:
                shutil.copyfileobj(content, out)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        except OSError as fault:
            raise _unwritable(target, fault) from fault
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _tables(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[tuple[str, Iterator[bytes]]]:
    order = [f"tables/{table.name}.jsonl" for table in tables()]
    for name in [name for name in order if name in manifest["parts"]]:
        with archive.open(name) as content:
            yield Path(name).stem, iter(content)
