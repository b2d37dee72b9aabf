"""What can be refused: one base class, one subclass per thing that can be wrong, no HTTP.

Every refusal says what is wrong, where, and how to mend it. Faces map the class to a status of their own.
"""

from model.sentences import Sentence, sentence


class Refused(Exception):  # noqa: N818 - a refusal is an answer to the user, not an error of ours
    """Base of all refusals: ``what`` is wrong, ``where`` it stands, how to ``mend`` it."""

    def __init__(self, what: Sentence, *, where: Sentence, mend: Sentence) -> None:
        super().__init__(str(what))
        self.what, self.where, self.mend = what, where, mend


class InputRefused(Refused):
    """A file, table or option that cannot be read or taken as it is."""


class DataMissing(Refused):
    """The stored tables lack what the answer needs."""


class NotFound(Refused):
    """An id that no stored row has."""

    def __init__(self, kind: Sentence, identifier: str) -> None:
        super().__init__(
            sentence("There is no %(kind)s with the id %(id)s.", kind=kind, id=identifier),
            where=sentence("the id you gave"),
            mend=sentence("Look the id up in the list; capitals and leading zeros count."),
        )


class PlanRefused(Refused):
    """A plan that cannot be made as asked: budget, locks, seats."""


class ModelRefused(Refused):
    """A model that cannot be learned from these tables, or a model file that is damaged."""


class StoreRefused(Refused):
    """A home folder or database that cannot be used for this."""


class SignInRefused(Refused):
    """Nobody is logged in, or the name and password, session or token given do not hold."""


class RateRefused(Refused):
    """Too many tries in too short a time."""


class AccessRefused(Refused):
    """Whoever is logged in may not do this."""


class MatchRefused(Refused):
    """A matching that cannot be made as asked, or that is settled already: locks, places, approval."""
