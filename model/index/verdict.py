"""What the index says in words: the band of Ks, the verdict and what it rests on, when there is none, what to mind.

Ks and Kr are compared as exact fractions, so that 0, 0.10 and 0.60 fall on the right side; both cuts are strict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from model.framework import IndexRules
from model.index.guttman import GuttmanCount
from model.sentences import Label, Number, Sentence, sentence

FEW_RESPONDENTS = 50
FEW_MENTORS = 10
_MOST_DECIMALS = 12


@dataclass(frozen=True)
class Judgement:
    """Band and verdict, both None where ``reason`` says why there is no verdict; else what the verdict rests on.

    ``band_sourced``: whether the band's lines are the paper's; False for lines of ours, None without a band.
    """

    band: Label | None
    band_sourced: bool | None
    verdict: Label | None
    reason: Sentence


def judge(count: GuttmanCount, rules: IndexRules) -> Judgement:
    """Put a count of errors in its band and give the verdict, or the reason why there is none."""
    missing, ks, kr = no_verdict(count), count.ks(), count.kr()
    if missing is not None or ks is None or kr is None:
        return Judgement(None, None, None, missing or _ALL_YES)
    at = band_number(ks, rules)
    label, sourced = (rules.bands[at].label, rules.bands[at].sourced) if at >= 0 else (rules.below_table, False)
    good = ks > rules.ks_cut and kr > rules.kr_cut
    return Judgement(label, sourced, rules.feasible if good else rules.not_feasible, _rests_on(ks, kr, rules))


def band_number(ks: Fraction, rules: IndexRules) -> int:
    """Which of the bands, counted from 0, holds Ks; −1 below the first."""
    return sum(ks >= band.low for band in rules.bands) - 1


_ALL_YES = sentence("Every answer is yes, so x is 0 and Ks does not exist.")


def no_verdict(count: GuttmanCount) -> Sentence | None:
    """Why these answers get no verdict; None if they get one."""
    if count.respondents < 2:
        return sentence(
            "There are fewer than two complete rows of answers (%(rows)s), so there is no staircase to judge.",
            rows=Number(count.respondents),
        )
    if count.items < 2:
        return sentence("There are fewer than two items, so there is no staircase to judge.")
    if not any(count.yes):
        return sentence("No answer is yes: the formula then gives a Ks of 1, which says nothing.")
    if count.noes == 0:
        return _ALL_YES
    if all(yes in (0, count.respondents) for yes in count.yes):
        return sentence("Every item is answered alike by all respondents, so there is no staircase to judge.")
    return None


def _rests_on(ks: Fraction, kr: Fraction, rules: IndexRules) -> Sentence:
    values = {
        "ks": shown(ks, rules.ks_cut),
        "ks_cut": shown(rules.ks_cut),
        "kr": shown(kr, rules.kr_cut),
        "kr_cut": shown(rules.kr_cut),
    }
    match ks > rules.ks_cut, kr > rules.kr_cut:
        case True, True:
            return sentence("Ks %(ks)s is above %(ks_cut)s and Kr %(kr)s is above %(kr_cut)s.", **values)
        case True, False:
            return sentence("Ks %(ks)s is above %(ks_cut)s, but Kr %(kr)s is not above %(kr_cut)s.", **values)
        case False, True:
            return sentence("Ks %(ks)s is not above %(ks_cut)s, though Kr %(kr)s is above %(kr_cut)s.", **values)
        case _:
            return sentence("Ks %(ks)s is not above %(ks_cut)s and Kr %(kr)s is not above %(kr_cut)s.", **values)


def shown(value: Fraction, cut: Fraction | None = None) -> Number:
    """A coefficient with two decimals, or as many as it takes to show on which side of the cut it lies."""
    beside = value if cut is None else cut
    enough = (d for d in range(2, _MOST_DECIMALS) if value == cut or cut is None or round(value, d) != round(beside, d))
    decimals = next(enough, _MOST_DECIMALS)
    return Number(float(round(value, decimals)), decimals)


def warnings(count: GuttmanCount, items: Sequence[str], incomplete: int, rules: IndexRules) -> tuple[Sentence, ...]:
    """What to mind when reading these figures: few rows, lopsided items, ties, missing answers.

    Args:
        count: the errors of the complete rows.
        items: the items' ids in the order of ``count.yes``.
        incomplete: rows left out because an answer is missing.
        rules: bands and cuts.
    """
    found = (
        _few_rows(count.respondents),
        _lopsided(count, items),
        _ties(count, rules),
        _incomplete(incomplete, count.respondents + incomplete),
    )
    return tuple(warning for warning in found if warning is not None)


def warnings_of_rows(complete: int, incomplete: int) -> tuple[Sentence, ...]:
    """Those warnings that tell of no answer: few ``complete`` rows, and how many are ``incomplete``."""
    found = _few_rows(complete), _incomplete(incomplete, complete + incomplete)
    return tuple(warning for warning in found if warning is not None)


def few_mentors(mentors: int) -> tuple[Sentence, ...]:
    """What to mind when the interval of Ks comes from drawing this many mentors; nothing if they are enough."""
    if mentors >= FEW_MENTORS:
        return ()
    return (
        sentence(
            "The interval of Ks rests on only %(mentors)s mentors and is probably too narrow.", mentors=Number(mentors)
        ),
    )


def _few_rows(rows: int) -> Sentence | None:
    if rows >= FEW_RESPONDENTS:
        return None
    return sentence(
        "Only %(rows)s complete rows of answers: fewer than %(least)s leave the coefficients uncertain.",
        rows=Number(rows),
        least=Number(FEW_RESPONDENTS),
    )


def _lopsided(count: GuttmanCount, items: Sequence[str]) -> Sentence | None:
    n = count.respondents
    beyond = [item for item, yes in zip(items, count.yes, strict=True) if 5 * yes > 4 * n or 5 * yes < n]
    if not beyond:
        return None
    return sentence(
        "%(count)s of %(all)s items are beyond 80/20 (more than four in five answers alike), which lifts Kr by itself: "
        "%(items)s.",
        count=Number(len(beyond)),
        all=Number(count.items),
        items=", ".join(beyond),
    )


def _ties(count: GuttmanCount, rules: IndexRules) -> Sentence | None:
    low, high = count.ks(count.errors_most), count.ks(count.errors_least)
    if low is None or high is None or no_verdict(count) is not None:
        return None
    kr_low, kr_high = count.kr(count.errors_most), count.kr(count.errors_least)
    assert kr_low is not None
    assert kr_high is not None
    low_good = low > rules.ks_cut and kr_low > rules.kr_cut
    high_good = high > rules.ks_cut and kr_high > rules.kr_cut
    if band_number(low, rules) == band_number(high, rules) and low_good == high_good:
        return None
    return sentence(
        "The band or the verdict depends on tie order: items with the same number of yes could stand in another order, "
        "and Ks then lies between %(low)s and %(high)s at the most.",
        low=shown(low),
        high=shown(high),
    )


def _incomplete(incomplete: int, rows: int) -> Sentence | None:
    if incomplete == 0:
        return None
    return sentence(
        "%(incomplete)s of %(rows)s rows (%(share)s per cent) lack an answer and are left out of the coefficients; "
        "nothing is filled in.",
        incomplete=Number(incomplete),
        rows=Number(rows),
        share=Number(100 * incomplete / rows, 1),
    )


def caveat(rules: IndexRules) -> Sentence:
    """What stands wherever the index is shown: what is our inference, and what the index does not measure."""
    if rules.cuts_sourced:
        return sentence(
            "Reading Ks as Guttman's coefficient of scalability is our inference from the paper's abstract. "
            "The index measures whether the answers form a staircase, not how well mentors do: "
            "it is no ranking of mentors and no target."
        )
    return sentence(
        "Reading Ks as Guttman's coefficient of scalability, and %(cut)s as the cut of the verdict, is our inference "
        "from the paper's abstract. The index measures whether the answers form a staircase, not how well mentors do: "
        "it is no ranking of mentors and no target.",
        cut=shown(rules.ks_cut),
    )
