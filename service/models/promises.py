"""The kept predictions behind a card's record of past promises, alike for page, API and command."""

from collections.abc import Sequence
from typing import Any

from data.snapshot import Snapshot
from data.store.decisions import Kept
from model.framework import Framework
from model.refusals import InputRefused
from model.sentences import sentence
from training.planning.reviewing import KINDS, review_rows

MADE = ("own", "every")


def rows_of(
    seen: Snapshot, framework: Framework, kept: Sequence[Kept], version: str, *, kind: str, made: str
) -> dict[str, Any]:
    """The rows, the figures they give, and the data they were compared with.

    Raises:
        InputRefused: there is no such kind, or predictions are not told apart in that way.
    """
    for option, asked, known in (("--kind", kind, KINDS), ("--made", made, MADE)):
        if asked not in known and asked:
            raise InputRefused(
                sentence("%(given)s is none of %(known)s.", given=asked[:40], known=", ".join(known)),
                where=sentence("the option %(option)s", option=option),
                mend=sentence("Choose one of those named."),
            )
    found = review_rows(seen, framework, kept, None if made == "every" else version, kind)
    return {"data_version": seen.version, "as_of": seen.as_of, **found}
