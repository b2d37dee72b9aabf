"""The files to read out of the paths a user gave: files, folders, or both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.batch import Fault
from model.sentences import Sentence, sentence

CSV = frozenset({".csv", ".tsv"})
EXCEL = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb"})
_OURS = frozenset({"truth.json"})


@dataclass
class Files:
    """Name shown to the user → path, with what could not be taken."""

    paths: dict[str, Path] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


def find_files(paths: Sequence[Path], mapping: Path | None = None) -> Files:
    """All tables' files: those given, and the CSV and Excel files that lie directly in the folders given."""
    found = Files()
    if not paths:
        found.faults.append(_fault("", sentence("No file was given. Name a file or a folder to read.")))
    for path in paths:
        if path.is_dir():
            _folder(path, mapping, found)
        elif not path.exists():
            found.faults.append(_fault(str(path), sentence("There is no such file or folder. Check the path.")))
        elif path.suffix.lower() in CSV | EXCEL:
            _add(path, found)
        else:
            message = sentence("Only CSV and Excel (.xlsx) files can be read. Save the table as one of them.")
            found.faults.append(_fault(path.name, message))
    return found


def _fault(name: str, message: Sentence) -> Fault:
    return Fault(name, None, None, None, None, message)


def _folder(folder: Path, mapping: Path | None, found: Files) -> None:
    inside = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$"))]
    inside.sort(key=lambda path: (path.stem, path.suffix))
    tables = [path for path in inside if path.suffix.lower() in CSV | EXCEL]
    for path in tables:
        _add(path, found)
    own = mapping.resolve() if mapping else None
    others = [p.name for p in inside if p not in tables and p.name not in _OURS and p.resolve() != own]
    if others:
        found.notes.append(
            sentence("%(folder)s: not read: %(files)s.", folder=folder.name or str(folder), files=", ".join(others))
        )
    if not tables:
        message = sentence("The folder holds no CSV or Excel file. Name the folder the tables are in.")
        found.faults.append(_fault(str(folder), message))


def _add(path: Path, found: Files) -> None:
    """Take a file once; one whose name is taken already goes by its path."""
    if path.resolve() in {taken.resolve() for taken in found.paths.values()}:
        return
    found.paths[path.name if path.name not in found.paths else str(path)] = path
