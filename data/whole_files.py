"""Files that are there whole or not at all: written under another name, then named for good."""

import os
from pathlib import Path


def give_name(part: Path, path: Path) -> None:
    """Give a written file its name; a link is refused where the name is taken, a rename would write over it.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links, as most memory sticks are: look, then rename
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)


def settle(folder: Path) -> None:
    """Make names given in a folder last; only where a folder can be opened (not on Windows)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
