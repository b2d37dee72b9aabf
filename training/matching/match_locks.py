"""What a matching may ask: locked and forbidden pairs, bonuses; a conflict is refused by name."""

import math
from collections import Counter
from typing import NoReturn

import numpy as np

from model.refusals import MatchRefused, NotFound
from model.sentences import Number, Sentence, sentence
from training.matching.candidates import free_places
from training.matching.match import MatchRequest, PairIds
from training.matching.match_tables import MatchTables


def check_match_request(request: MatchRequest) -> None:
    """Refuse what cannot be asked, before anything is read.

    Raises:
        MatchRefused: an unknown pool, a bonus or charge that is no number of 0 or more, a pair locked and forbidden, a
            business locked to two mentors.
    """
    if request.pool not in {"new", "all"}:
        raise MatchRefused(
            sentence("The pool %(pool)s is not known.", pool=request.pool),
            where=_option("pool"),
            mend=sentence("Choose new (businesses without a mentor) or all."),
        )
    for name, value in (("keep", request.keep), ("balance", request.balance)):
        if not (math.isfinite(value) and 0 <= value <= 1000):
            raise MatchRefused(
                sentence("The value of %(option)s must be a number from 0 to 1000.", option=f"--{name}"),
                where=_option(name),
                mend=sentence("Give log points of growth, for example 0.02."),
            )
    both = sorted(set(request.locks) & set(request.forbids))
    if both:
        _refuse_lock(both[0], sentence("it is forbidden in the same request"))
    for business, count in Counter(business for business, _ in set(request.locks)).items():
        if count > 1:
            raise MatchRefused(
                sentence("%(business)s is locked to more than one mentor.", business=business),
                where=_option("lock"),
                mend=sentence("Take one of these locks away."),
            )


def _option(name: str) -> Sentence:
    return sentence("the option %(option)s", option=f"--{name}")


def _refuse_lock(pair: PairIds, why: Sentence) -> NoReturn:
    business, mentor = pair
    raise MatchRefused(
        sentence("%(business)s cannot be locked to %(mentor)s: %(why)s.", business=business, mentor=mentor, why=why),
        where=_option("lock"),
        mend=sentence("Take this lock away, or mend what stands against it."),
    )


def check_match_ids(request: MatchRequest, tables: MatchTables) -> None:
    """Refuse a lock or forbid that names nobody, and a lock on a business that is not to be matched.

    Raises:
        NotFound: a business or mentor id that no row has.
        MatchRefused: the business has an active engagement already, and only new ones are matched.
    """
    for business, mentor in (*request.locks, *request.forbids):
        if business not in tables.known:
            raise NotFound(sentence("business"), business)
        if mentor not in tables.mentors.number:
            raise NotFound(sentence("mentor"), mentor)
    for mentor in request.without:
        if mentor not in tables.mentors.number:
            raise NotFound(sentence("mentor"), mentor)
    for pair in request.locks:
        if pair[1] in request.without:
            _refuse_lock(pair, sentence("the mentor takes nobody in this matching"))
        if pair[0] not in tables.businesses.number:
            given = pair[0] in {business for business, _ in request.taken}
            _refuse_lock(
                pair,
                sentence("the intake desk gave it a mentor; --pool all decides on those too")
                if given
                else sentence("it has an active engagement; --pool all decides on those too"),
            )


def check_places(request: MatchRequest, tables: MatchTables) -> None:
    """Refuse more locks on a mentor than places, and a matching for which nobody has a place.

    Raises:
        MatchRefused: naming the mentor and the places, or that no mentor has any.
    """
    places = free_places(tables, request)
    mentors = tables.mentors
    for mentor, count in sorted(Counter(mentor for _, mentor in set(request.locks)).items()):
        number = mentors.number[mentor]
        if count > places[number]:
            raise MatchRefused(
                sentence(
                    "%(count)s businesses are locked to %(mentor)s, who has %(places)s free places "
                    "(capacity %(capacity)s, active businesses %(active)s).",
                    count=Number(count),
                    mentor=mentor,
                    places=Number(int(places[number])),
                    capacity=Number(int(mentors.capacity[number])),
                    active=Number(int(mentors.active[number] + mentors.taken[number])),
                ),
                where=_option("lock"),
                mend=sentence("Take one of these locks away, or raise the mentor's capacity."),
            )
    if tables.businesses.ids and not places.any() and request.base is None:
        raise MatchRefused(
            sentence(
                "Nothing can be matched: none of the %(count)s mentors has a free place (capacity in all "
                "%(capacity)s, active businesses %(active)s).",
                count=Number(len(mentors.ids)),
                capacity=Number(int(np.sum(mentors.capacity))),
                active=Number(int(np.sum(mentors.active + mentors.taken))),
            ),
            where=sentence("table mentors, column capacity"),
            mend=sentence("Raise the capacity of some mentors, or add mentors, and import the table again."),
        )
