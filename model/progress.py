"""How far long work has come, told to whoever shows it."""

from collections.abc import Callable

from model.sentences import Sentence

Progress = Callable[[float, Sentence], None]
"""Called with the share done (0..1) and what is being done now."""


def silent(share: float, doing: Sentence) -> None:
    """Progress shown to nobody."""
    del share, doing
