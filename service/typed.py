"""Free text as people type it, taken in at one place: on one line, and without signs that nobody sees."""

from model.refusals import InputRefused
from model.sentences import Sentence, sentence
from model.unseen import unseen, without_unseen

_QUOTED = 20  # letters


def one_line(text: str, where: Sentence) -> str:
    """The text without space around it and between its words.

    Raises:
        InputRefused: it holds signs that turn the order of reading, or control characters; which ones, and after what.
    """
    told = " ".join(text.split())
    signs = unseen(told)
    if not signs:
        return told
    first = next(at for at, sign in enumerate(told) if unseen(sign))
    raise InputRefused(
        sentence(
            "The text holds signs that nobody sees and that may turn the order of reading: %(signs)s, the first after "
            "“%(before)s”.",
            signs=", ".join(signs),
            before=without_unseen(told[:first])[-_QUOTED:],
        ),
        where=where,
        mend=sentence("Read the text as it stands without them, and send that."),
    )
