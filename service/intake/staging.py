"""Uploads that wait for their confirmation: a folder of the home per upload, under a random id, swept after a day.

Nothing of an upload is stored before it is confirmed. What the user says of its sheets and columns waits beside it,
and whose it is: nobody else reads or confirms it.
"""

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from model.refusals import InputRefused, NotFound
from model.sentences import Number, sentence

KEPT_SECONDS = 86_400
MOST_FILES = 40
_ID = re.compile(r"[A-Za-z0-9_-]{16}")
_CHOICES = "choices.json"
_DONE = "done.json"
_OWNER = "owner.json"


@dataclass(frozen=True)
class Staged:
    """One upload: its folder, files in the order given, and what the user chose.

    ``choices``: tables (place → table or None), columns (place → folded header → column or ""), dates, numbers.
    ``done``: what its import answered, once it is confirmed. ``owner``: key of whoever uploaded it.
    """

    folder: Path
    files: tuple[Path, ...]
    choices: Mapping[str, Any] = field(default_factory=dict)
    done: Mapping[str, Any] | None = None
    owner: str | None = None

    @property
    def id(self) -> str:
        """The random id."""
        return self.folder.name

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self.files)

    def choose(self, choices: Mapping[str, Any]) -> None:
        """Keep what the user says of sheets and columns."""
        (self.folder / _CHOICES).write_text(json.dumps(choices), encoding="utf-8")

    def finish(self, answer: Mapping[str, Any]) -> None:
        """Keep what the import answered; the upload cannot be confirmed again."""
        (self.folder / _DONE).write_text(json.dumps(answer), encoding="utf-8")

    def drop(self) -> None:
        """Throw the upload away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def stage(room: Path, uploads: Iterable[tuple[str, IO[bytes]]], owner: str) -> Staged:
    """Put somebody's uploads (name as the browser gives it, content) into a folder of their own; sweeps old ones.

    Raises:
        InputRefused: nothing was given, or more files than one import takes.
    """
    _sweep(room)
    given = [(_name(name), content) for name, content in uploads if name]
    if not given or len(given) > MOST_FILES:
        raise InputRefused(
            sentence("Choose at least one file, and at most %(most)s.", most=Number(MOST_FILES)),
            where=sentence("the form you sent"),
            mend=sentence("Choose CSV files or Excel workbooks (.xlsx) and send them again."),
        )
    folder = room / secrets.token_urlsafe(12)
    for number, (name, content) in enumerate(given):
        place = folder / f"{number:02d}"
        place.mkdir(parents=True)
        with (place / name).open("wb") as target:
            shutil.copyfileobj(content, target)
    (folder / _OWNER).write_text(json.dumps(owner), encoding="utf-8")
    return find(room, folder.name)


def _name(given: str) -> str:
    """A file's own name, without folders and signs that no file system likes."""
    name = re.sub(r'[\x00-\x1f<>:"|?*]', "_", PurePosixPath(given.replace("\\", "/")).name).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if stem else name[:100] or "_"


def find(room: Path, identifier: str) -> Staged:
    """The upload of that id.

    Raises:
        NotFound: there is none (any more).
    """
    folder = room / identifier
    if not _ID.fullmatch(identifier) or not folder.is_dir():
        raise NotFound(sentence("upload"), identifier[:40])
    files = sorted(path for path in folder.glob("[0-9][0-9]/*") if path.is_file())
    choices, done, owner = (_kept(folder / name) for name in (_CHOICES, _DONE, _OWNER))
    return Staged(folder, tuple(files), choices or {}, done, owner)


def _kept(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _sweep(room: Path) -> None:
    """Remove uploads older than a day."""
    for folder in room.iterdir() if room.is_dir() else ():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
