"""The conclusions of a period report: at most ten sentences, each with its figures and what belongs beside them."""

from collections.abc import Mapping
from typing import Any

from model.sentences import Number, Sentence, sentence
from service.reports import approvals

Told = Mapping[str, Any]
_PERCENT = 100


def conclusions(told: Told) -> list[Sentence]:
    """What the head of office should know, from the answer of the report."""
    return [said for _, said in named(told)]


def named(told: Told) -> list[tuple[str, Sentence]]:
    """The same, each with the name of the part of the programme that it speaks of."""
    parts = {
        "activity": _activity,
        "turnover": _turnover,
        "results": _results,
        "index": _index,
        "standards": _standards,
        "training": _training,
        "plans": approvals.said,
        "desk": _desk,
        "review": approvals.held,
        "objections": _objections,
    }
    return [(name, said) for name, part in parts.items() for said in part(told)]


def _share(value: float | None) -> Sentence:
    if value is None:
        return sentence("not known")
    return sentence("%(percent)s%%", percent=Number(_PERCENT * value, 1))


def _count(value: int | None) -> Number | Sentence:
    return sentence("not known") if value is None else Number(value)


def _change(value: float | None) -> Sentence:
    if value is not None and value > 0:
        return sentence("+%(percent)s%%", percent=Number(_PERCENT * value, 1))
    return _share(value)


def _signed(count: float | None) -> Sentence:
    if count is None:
        return sentence("not known")
    return sentence("+%(count)s", count=Number(count)) if count > 0 else sentence("%(count)s", count=Number(count))


def _activity(told: Told) -> list[Sentence]:
    now = told["indicators"]
    if not now["businesses"]:
        return [sentence("In %(period)s no business was accompanied.", period=told["name"])]
    return [
        sentence(
            "In %(period)s, %(mentors)s mentors accompanied %(businesses)s businesses; %(started)s engagements began "
            "and %(ended)s ended. Of the monthly reports due, %(reporting)s arrived.",
            period=told["name"],
            mentors=Number(now["mentors"]),
            businesses=Number(now["businesses"]),
            started=Number(now["started"]),
            ended=Number(now["ended"]),
            reporting=_share(now["reporting"]),
        )
    ]


def _turnover(told: Told) -> list[Sentence]:
    now, others = told["indicators"], told["others"]
    if now["turnover_growth"] is None:
        return [
            sentence(
                "Turnover cannot be compared: no business has reports in the period and turnover above nought in the "
                "months before."
            )
        ]
    return [
        sentence(
            "The summed turnover of %(count)s accompanied businesses changed by %(growth)s (the median business: "
            "%(median)s); that of %(others)s businesses never accompanied changed by %(trend)s in the same months. The "
            "difference is not the effect of mentoring: who is accompanied is no matter of chance.",
            count=Number(now["turnover_of"]),
            growth=_change(now["turnover_growth"]),
            median=_change(now["turnover_median"]),
            others=Number(others["businesses"]),
            trend=_change(others["turnover_growth"]),
        )
    ]


def _results(told: Told) -> list[Sentence]:
    now = told["indicators"]
    if not now["businesses"]:
        return []
    names = ("legality_gain", "finance_access", "partnership_gain", "cashbook", "new_jobs")
    if all(now[name] is None for name in names):
        return [
            sentence(
                "Of licences (NIB), credit, partners, cash books and workers nothing is known: no report tells it."
            )
        ]
    return [
        sentence(
            "Among them, %(nib)s obtained a licence (NIB), %(credit)s credit and %(partner)s a partner; %(book)s keep "
            "a cash book; the number of workers changed by %(jobs)s.",
            nib=_count(now["legality_gain"]),
            credit=_count(now["finance_access"]),
            partner=_count(now["partnership_gain"]),
            book=_share(now["cashbook"]),
            jobs=_signed(now["new_jobs"]),
        )
    ]


def _index(told: Told) -> list[Sentence]:
    index = told["index"]
    if index is None:
        return [sentence("Nobody has answered the questionnaire, so there is no index.")]
    if index["verdict"] is None:
        return [sentence("The index has no verdict: %(reason)s", reason=index["reason"])]
    return [
        sentence(
            "Index of the answers: scalability Ks %(ks)s, reproducibility Kr %(kr)s, verdict: %(verdict)s. %(caveat)s",
            ks=Number(index["ks"], 2),
            kr=Number(index["kr"], 2),
            verdict=index["verdict"],
            caveat=index["caveat"],
        )
    ]


def _standards(told: Told) -> list[Sentence]:
    known = [row for row in told["standards"] if row["mentors"]]
    if not known:
        return [sentence("No mentor has been assessed.")]
    worst = max(known, key=lambda row: row["share_below"])
    if not worst["below"]:
        return [sentence("No mentor who was assessed stands below the standard in any area.")]
    return [
        sentence(
            "Most mentors stand below the standard in %(area)s: %(below)s of %(mentors)s, mean score %(mean)s against "
            "%(standard)s.",
            area=worst["label"],
            below=Number(worst["below"]),
            mentors=Number(worst["mentors"]),
            mean=Number(worst["mean"], 1),
            standard=Number(worst["standard"]),
        )
    ]


def _training(told: Told) -> list[Sentence]:
    learned = told["learned"]
    if learned is None:
        return [sentence("Nothing has been learned yet: plans go by the standard of the office.")]
    said = sentence("Supported gain.") if learned["supported_gain"] else sentence("No supported gain.")
    return [sentence("%(word)s %(verdict)s", word=said, verdict=learned["verdict"])]


def _desk(told: Told) -> list[Sentence]:
    counts = told.get("desk")  # reports published by earlier versions did not count it
    if not counts or not counts["districts"]:
        return []
    return [
        sentence(
            "The intake desk decided on %(decided)s advices: %(accept)s accepted, %(change)s with another mentor, "
            "%(refuse)s refused; %(withdraw)s decisions were withdrawn. %(held)s places are still held without an "
            "engagement.",
            **{name: Number(counts[name]) for name in ("decided", "accept", "change", "refuse", "withdraw", "held")},
        )
    ]


def _objections(told: Told) -> list[Sentence]:
    counts = told["objections"]
    if not counts["raised"]:
        return []
    return [
        sentence(
            "Mentors raised %(raised)s objections or requests for correction; %(open)s of them are still open.",
            raised=Number(counts["raised"]),
            open=Number(counts["open"]),
        )
    ]
