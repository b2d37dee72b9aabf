"""The one entry to reading: files and folders in, tables with every cell understood out, and all that is wrong."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from data.batch import Batch
from data.mapping.applying import apply_mapping
from data.reading.columns import Manner, manner_of
from data.reading.converting import convert
from data.reading.csv_files import read_csv
from data.reading.dates import Order
from data.reading.excel import read_excel
from data.reading.finding import EXCEL, find_files
from data.reading.grids import Grid, to_sheet
from data.reading.numbers import Writing
from data.reading.recognising import UNNAMED, Naming, recognise
from data.reading.sheets import RawTable
from model.framework import Framework
from model.progress import Progress, silent
from model.sentences import sentence


def read_batch(
    paths: Sequence[Path],
    framework: Framework,
    mapping: Path | None = None,
    *,
    dates: Order | None = None,
    numbers: Writing | None = None,
    naming: Naming = UNNAMED,
    progress: Progress = silent,
) -> Batch:
    """Read files and folders into the contract's tables.

    Without a mapping file a sheet is known by its name and its headers; with one, the file says. ``dates`` and
    ``numbers`` decide cells that have two readings and go before what the mapping file says; ``naming`` is what the
    user says of sheets where there is no mapping file. Nothing in a table's file raises: every fault is in the batch.

    Raises:
        InputRefused: the mapping file itself cannot be used.
    """
    batch = Batch()
    grids = read_grids(paths, mapping, batch, progress)
    progress(0.6, sentence("Understanding the cells"))
    manner = replace(manner_of(framework), dates=dates, numbers=numbers, comma_files=_comma_files(grids))
    if mapping is None:
        known = recognise(grids, framework, naming)
        batch.faults += known.faults
        batch.notes += known.notes
        batch.unmapped, batch.unfilled = known.unmapped, known.unfilled
        tables = known.tables
    else:
        tables, manner = _mapped(grids, mapping, manner, batch)
    convert(tables, manner, batch)
    progress(1.0, sentence("The files are read"))
    return batch


def read_grids(paths: Sequence[Path], mapping: Path | None, batch: Batch, progress: Progress = silent) -> list[Grid]:
    """The sheets of all files; what is wrong with a file as a whole goes to the batch."""
    files = find_files(paths, mapping)
    batch.faults += files.faults
    batch.notes += files.notes
    grids: list[Grid] = []
    for done, (name, path) in enumerate(files.paths.items()):
        progress(0.6 * done / len(files.paths), sentence("Reading %(file)s", file=name))
        read = (read_excel if path.suffix.lower() in EXCEL else read_csv)(path, name)
        grids += read.grids
        batch.faults += read.faults
        batch.notes += read.notes
    return grids


def _comma_files(grids: Sequence[Grid]) -> frozenset[str]:
    return frozenset(grid.file for grid in grids if grid.comma)


def _mapped(grids: Sequence[Grid], mapping: Path, manner: Manner, batch: Batch) -> tuple[list[RawTable], Manner]:
    """Raw tables by a mapping file, and the manner with what that file says of areas, dates and numbers."""
    sheets = [sheet for grid in grids if (sheet := to_sheet(grid, 0, batch.faults))]
    mapped = apply_mapping(sheets, mapping, manner.framework, manner)
    batch.faults += mapped.faults
    batch.notes += mapped.notes
    batch.unmapped, batch.unfilled = mapped.unmapped, mapped.unfilled
    batch.dataset = mapped.dataset
    if mapped.dataset and mapped.dataset.areas:
        manner = replace(manner, areas=manner_of(manner.framework, mapped.dataset.areas).areas)
    return mapped.tables, replace(manner, dates=manner.dates or mapped.dates, numbers=manner.numbers or mapped.numbers)
