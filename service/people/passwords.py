"""Passwords: what the chosen rule asks of one, and how it is kept.

Two rules. ``asvs`` follows OWASP ASVS 5.0 (V6.2: length, no composition rules, no ageing, common and contextual words
refused; 15 letters because there is no second factor). ``bssn`` follows Peraturan BSSN 4/2021, which asks of government
applications (standar teknis keamanan aplikasi, autentikasi) that a number of characters, a combination of their kinds,
a period of validity and a limit of wrong tries be set, and names no figures. Twelve letters, four kinds and 90 days are
our reading, not the regulation's.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from model.refusals import InputRefused
from model.sentences import Number, Sentence, sentence

METHOD = "scrypt:32768:8:3"
"""werkzeug's name of scrypt with N = 2^15, r = 8, p = 3: one of the equal settings that OWASP names as least."""
LONGEST = 200
LEAST_GUESSES = 1e10
"""Guesses that zxcvbn must think are needed: beyond what can be tried against a slow hash (its best score)."""
_USUAL = 500
"""Common passwords that count as words of longer ones."""
_JUDGED = 72
"""Letters that zxcvbn takes at most."""
_WORDS = Path(__file__).with_name("context_words.txt")
_KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")


@dataclass(frozen=True)
class Rule:
    """What a password must be; ``days``: how long it holds, None for ever."""

    least: int
    mixed: bool
    days: int | None


RULES: Mapping[str, Rule] = {"asvs": Rule(15, mixed=False, days=None), "bssn": Rule(12, mixed=True, days=90)}


def normal(password: str) -> str:
    """The password in one of Unicode's equal forms, so that every keyboard writes the same."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, rule: Rule, own_words: Iterable[str] = ()) -> None:
    """Refuse a password that the rule does not allow.

    Args:
        password: as typed.
        rule: what is asked.
        own_words: the user's names, which a guesser tries first.

    Raises:
        InputRefused: too short, too long, not mixed as asked, or easy to guess.
    """
    typed = normal(password)
    if not rule.least <= len(typed) <= LONGEST:
        raise _refused(
            sentence(
                "A password has %(least)s to %(most)s letters, digits and signs.",
                least=Number(rule.least),
                most=Number(LONGEST),
            ),
            sentence("Take several words that do not belong together; spaces are allowed."),
        )
    if rule.mixed and not all(re.search(kind, typed) for kind in _KINDS):
        raise _refused(
            sentence("A password needs a small letter, a capital, a digit and a sign."),
            sentence("Add what is missing."),
        )
    if guessable(typed, own_words):
        raise _refused(
            sentence("This password is among the first that a guesser tries."),
            sentence("Leave out names, usual words and rows of keys; take several words that do not belong together."),
        )


def _refused(what: Sentence, mend: Sentence) -> InputRefused:
    return InputRefused(what, where=sentence("the new password"), mend=mend)


@cache
def usual_words() -> frozenset[str]:
    """Words of which guessed passwords are made: of the office's world, and the most common passwords themselves."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - large, and only who sets a password needs it

    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    own = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return frozenset(own.union(word for word in FREQUENCY_LISTS["passwords"][:_USUAL] if word.isalpha()))


def guessable(password: str, own_words: Iterable[str] = ()) -> bool:
    """Whether a password is soon guessed: one of the 30,000 most common or near to one, or of such words and own names.

    zxcvbn judges common passwords with what is put around them, rows of keys, dates and sequences; what it does not
    know is looked at here: words of the office's world, with any signs between them.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - the same

    low = password.casefold()
    own = {part for word in own_words for part in re.split(r"\W+", word.casefold()) if len(part) > 2}
    plain = {re.sub(r"[\W\d_]+", "", low), re.sub(r"[\W\d_]+", "", low.translate(_LOOKALIKES))}
    if len(set(low)) < 5 or _repeats(low) or any(_of_words(letters, usual_words() | own) for letters in plain):
        return True
    return bool(zxcvbn(password[:_JUDGED], sorted(own))["guesses"] < LEAST_GUESSES)


def _repeats(text: str) -> bool:
    """Whether the text is one piece again and again (of at most half its length)."""
    return text in (text + text)[1:-1]


def _of_words(letters: str, words: frozenset[str]) -> bool:
    """Whether letters, of which there are some, are nearly all words."""
    return len(letters) > 3 and _left_over(letters, words) < 4


def _left_over(letters: str, words: frozenset[str]) -> int:
    """The least number of letters left when words are taken out of a text (dynamic programming over its ends)."""
    longest = max(map(len, words))
    best = [0]
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - longest), end - 2)
        taken = [best[start] for start in starts if letters[start:end] in words]
        best.append(min([best[-1] + 1, *taken]))
    return best[-1]


def hashed(password: str) -> str:
    """The salted scrypt hash that is stored."""
    from werkzeug.security import generate_password_hash  # noqa: PLC0415 - longer to import than --help may take

    return generate_password_hash(normal(password), METHOD)


def holds(stored: str, password: str) -> bool:
    """Whether a password is the one whose hash is stored."""
    from werkzeug.security import check_password_hash  # noqa: PLC0415 - the same

    return check_password_hash(stored, normal(password))


@cache
def nobodys() -> str:
    """Hash of a password nobody has: checked where the name is unknown, so that both answers take as long."""
    return hashed(secrets.token_urlsafe(32))


def one_time() -> str:
    """A password to be printed once and changed at the first log-in: 100 bits, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def expired(rule: Rule, set_at: datetime, now: datetime) -> bool:
    """Whether the rule asks for a new password by now."""
    return rule.days is not None and now - set_at >= timedelta(days=rule.days)
