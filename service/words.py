"""Words of the answers that are the same in every language there, as a reader sees them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from service.language import UNKNOWN, Language, mark
from service.people.roles import ROLE_WORDS

EVIDENCE = {
    "strong": mark("strong"),
    "moderate": mark("moderate"),
    "weak": mark("weak"),
    "insufficient": mark("insufficient"),
}
STATES = {"ok": mark("ok"), "warn": mark("look"), "bad": mark("bad")}
RISKS = {"mean": mark("by the mean"), "cautious": mark("cautiously")}
PASSWORD_RULES = {"asvs": "OWASP ASVS 5.0", "bssn": "Peraturan BSSN 4/2021"}
DECISIONS = {"accept": mark("accepted"), "change": mark("to be changed"), "refuse": mark("refused")}
DESK_DECISIONS = {
    "accept": mark("advice accepted"),
    "change": mark("another mentor taken"),
    "refuse": mark("advice refused"),
}
DESK_STATES = {
    "held": mark("place held, engagement not imported yet"),
    "engaged": mark("engagement imported"),
    "elsewhere": mark("engaged with another mentor"),
    "refused": mark("no mentor given"),
    "withdrawn": mark("withdrawn"),
}
BASES = {"effect": mark("effect"), "standard": mark("standard")}

KINDS = {"objection": mark("objection"), "correction": mark("correction of the record")}
ABOUTS = {
    "record": mark("my record"),
    "plan": mark("a training plan"),
    "match": mark("a matching"),
}
_ROLES = {str(role): word for role, word in ROLE_WORDS.items()}
OUTCOMES = {"upheld": mark("upheld"), "refused": mark("refused"), "noted": mark("noted")}


def evidence(row: Mapping[str, Any], lang: Language) -> str:
    """The evidence word of a row in the reader's language."""
    return lang.text(EVIDENCE[row["evidence"]])


def strengths(rows: Iterable[Mapping[str, Any]], lang: Language) -> str:
    """How many rows have which evidence, the strongest first."""
    counts = Counter(row["evidence"] for row in rows)
    told = [f"{lang.text(word)} {lang.number(counts[key])}" for key, word in EVIDENCE.items() if counts[key]]
    return ", ".join(told) or UNKNOWN


def role(given: str, lang: Language) -> str:
    """What a reader calls the role of who did something; a command may have given a word of its own."""
    return lang.text(_ROLES.get(given, given))


def state(row: Mapping[str, Any], lang: Language) -> str:
    """The state of a check in the reader's language."""
    return lang.text(STATES[row["state"]])


def chance(p: float, lang: Language) -> str:
    """A p-value; what would round to nought is said to be below the last figure shown."""
    least = 0.001
    return lang.number(p, 3) if p >= least else f"< {lang.number(least, 3)}"


def ranged(show: Callable[[float | None], str], mean: float | None, low: float | None, high: float | None) -> str:
    """A figure with its range."""
    return show(mean) if low is None or high is None else f"{show(mean)} ({show(low)} … {show(high)})"


def before_after(told: Mapping[str, Any], lang: Language) -> str | None:
    """The naive growth before and after beside that without a mentor, and its worth; None where it is not told."""
    if told["naive_before_after"] is None:
        return None
    naive = lang.change(told["naive_before_after"])
    if not told["trend"]:
        return lang.text(
            "Growth before and after, of the businesses accompanied: %(naive)s; this is no effect of the mentors.",
            naive=naive,
        )
    return lang.text(
        "Growth before and after, of the businesses accompanied: %(naive)s; this is no effect of the mentors: "
        "%(count)s businesses without a mentor changed by %(trend)s over the same months.",
        naive=naive,
        count=told["trend"]["businesses"],
        trend=lang.change(told["trend"]["mean"]),
    )
