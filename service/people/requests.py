"""Requests of persons about their own data (UU 27/2022, articles 7, 8, 43, 44): deletion, with what stays said."""

from typing import Any

from data.store.store import Store
from model.refusals import InputRefused
from model.sentences import sentence

LONGEST = 100


def erase(store: Store, kind: str, subject: str, request: str) -> dict[str, Any]:
    """Erase a person's data; ``request``: number of the letter that asks for it.

    Raises:
        NotFound: there is no such person.
        InputRefused: the number of the letter is too long.
    """
    letter = " ".join(request.split())
    if len(letter) > LONGEST or not letter.isprintable():
        raise InputRefused(
            sentence("The number of the letter has at most %(most)s letters.", most=str(LONGEST)),
            where=sentence("the option %(option)s", option="--request"),
            mend=sentence("Give the number alone; the letter itself stays in the archive."),
        )
    changed = store.erase(kind, subject, letter)
    return {
        "kind": kind,
        "id": subject,
        "rows": changed,
        "stays": [
            sentence("The id stays as a pseudonym, with scores, engagements and reports, so that figures still hold."),
            sentence("What people decided and published reports stay: they are the office's record."),
            sentence("Backups made before, and the files that were imported, still hold the data: destroy them too."),
        ],
    }
