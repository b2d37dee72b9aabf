"""A matching worked out by hand: who is served, by whom, why, and what would mend it; and every refusal."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.batch import Dataset
from data.snapshot import snapshot_of
from model.refusals import DataMissing, MatchRefused, NotFound, Refused
from tests.matching_office import ENGAGEMENTS, matching_office
from tests.planning_office import FRAMEWORK, table
from training.matching.matching import MatchRequest, make_match


def seen(**changed):
    return snapshot_of(matching_office(**changed), 1, Dataset(), None)


def made(request=None, **changed):
    return make_match(seen(**changed), FRAMEWORK, None, request or MatchRequest())


def where(businesses, business):
    return next(district for code, _, district, _, _ in businesses if code == business)


def pairs_of(match):
    return {pair.business_id: pair.mentor_id for pair in match.pairs}


def test_most_businesses_first_then_the_best_fit():
    match = made()
    assert pairs_of(match) == {"B2": "M1", "B3": "M2", "B4": "M3"}
    assert {pair.business_id: pair.fit for pair in match.pairs} == {"B2": 1.0, "B3": 2.5, "B4": 0.0}
    assert (match.value, match.gap, match.basis) == (3.5, 0.0, "standard")
    assert all(pair.growth is None and pair.evidence == "insufficient" for pair in match.pairs)


def test_the_unserved_are_told_why_and_what_would_help():
    told = {row["business_id"]: row for row in made().unmatched}
    assert set(told) == {"B1", "B5"}
    assert "full" in str(told["B1"]["reason"])
    assert "One more place with Budi (M2)" in str(told["B1"]["fix"])
    assert "No mentor works in Setu" in str(told["B5"]["reason"])
    assert "extra districts" in str(told["B5"]["fix"])


def test_one_more_place_brings_what_its_price_says():
    before = made()
    price = {row["mentor_id"]: row["one_more"] for row in before.mentors}
    assert price["M2"] == {"serves": 1, "value": 1.0}
    mentors = matching_office()["mentors"].copy()
    mentors.loc[mentors["mentor_id"] == "M2", "capacity"] = 2
    after = made(mentors=mentors)
    assert len(after.pairs) == len(before.pairs) + 1
    assert after.value == pytest.approx(before.value + 1.0)


def test_the_runner_up_says_whose_place_it_would_take():
    pair = next(pair for pair in made().pairs if pair.business_id == "B2")
    other = pair.runner_up
    assert (other.mentor_id, other.displaces, other.serves) == ("M2", "B3", 0)
    assert other.loss == pytest.approx(3.5 - 1.0)  # B2 by M2 and B1 by M1, half a point each, B3 nowhere or by M3
    assert "who is full" in str(other.note)
    assert "Tiga (B3)" in str(other.note)


def test_reasons_set_the_mentors_score_beside_the_candidates_and_the_standard():
    pair = next(pair for pair in made().pairs if pair.business_id == "B3")
    first = str(pair.reasons[0])
    assert "Finance" in first
    assert "70.0" in first
    assert any("1 of 1 places" in str(reason) for reason in pair.reasons)
    none = next(pair for pair in made().pairs if pair.business_id == "B4")
    assert "names no need" in str(none.reasons[0])


def test_locks_override_reach_forbids_strike_out_and_a_mentor_may_take_nobody():
    assert pairs_of(made(MatchRequest(locks=(("B5", "M1"),))))["B5"] == "M1"
    assert pairs_of(made(MatchRequest(forbids=(("B3", "M2"),)))) != pairs_of(made())
    assert "M2" not in pairs_of(made(MatchRequest(without=("M2",)))).values()
    forbidden = made(MatchRequest(forbids=(("B1", "M1"), ("B1", "M2"))))
    assert "forbidden" in str(next(row for row in forbidden.unmatched if row["business_id"] == "B1")["reason"])


def test_all_decided_anew_keeps_present_pairs_by_their_bonus():
    free = made(MatchRequest(pool="all", keep=0.0))
    assert "B6" in {row["business_id"] for row in free.unmatched} | set(pairs_of(free))
    kept = made(MatchRequest(pool="all", keep=3.0))
    assert pairs_of(kept)["B6"] == "M1"
    assert "Present pairs that stay: 1 of 1." in str(kept.note)
    pair = next(pair for pair in kept.pairs if pair.business_id == "B6")
    assert pair.kept
    assert pair.worth == pytest.approx(pair.fit + 3.0)
    assert "work together already" in str(pair.reasons[0])


def test_the_rest_is_matched_anew_with_the_fewest_moves():
    base = made()
    held = tuple((business, mentor) for business, mentor in pairs_of(base).items() if business != "B2")
    request = MatchRequest(forbids=(("B2", "M1"),), held=held, base=1)
    again = pairs_of(make_match(seen(), FRAMEWORK, None, request))
    assert again == {"B1": "M1", "B3": "M2", "B4": "M3"}  # B1 takes the place; nobody else moves


def rest_of(base, leaver, **more):
    """The request for the rest of a matching when a mentor leaves."""
    held = tuple((business, mentor) for business, mentor in pairs_of(base).items() if mentor != leaver)
    return MatchRequest(held=held, without=(leaver,), leaving=(leaver,), base=1, **more)


def test_active_businesses_of_who_leaves_are_matched_anew_or_told_why_not():
    match = made(rest_of(made(), "M1"))
    assert pairs_of(match) == {"B3": "M2", "B4": "M3"}
    told = {row["business_id"]: row for row in match.unmatched}
    assert set(told) == {"B1", "B2", "B5", "B6"}  # M1 has B6 now
    assert str(told["B6"]["reason"]).startswith("Its mentor Ayu (M1) leaves. The mentors who can serve Serpong (1)")
    assert "One more place with Budi (M2)" in str(told["B6"]["fix"])
    assert match.left == (("B6", "M1"),)
    assert "Ayu (M1) leaves: 1 active businesses" in str(match.warnings[0])


def test_a_free_place_takes_the_active_business_of_who_leaves_and_says_so():
    mentors = matching_office()["mentors"].copy()
    mentors["capacity"] = [2, 4, 1]
    base = made(mentors=mentors)
    match = make_match(seen(mentors=mentors), FRAMEWORK, None, rest_of(base, "M1"))
    assert pairs_of(match)["B6"] == "M2"
    pair = next(pair for pair in match.pairs if pair.business_id == "B6")
    assert str(pair.reasons[0]) == "Its mentor now, Ayu (M1), leaves."
    assert pair.runner_up.mentor_id is None  # nobody else reaches it: who leaves is no candidate


def test_an_active_business_that_another_mentor_has_too_stays_where_it_is():
    both = table(
        "engagements",
        "engagement_id mentor_id business_id started_on ended_on",
        *(("E1", "M1", "B6", "2025-12-01", None), ("E3", "M2", "B6", "2025-12-01", None)),
    )
    match = make_match(seen(engagements=both), FRAMEWORK, None, rest_of(made(engagements=both), "M1"))
    assert "B6" not in pairs_of(match).keys() | {row["business_id"] for row in match.unmatched}
    assert match.left == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_when_a_mentor_leaves_the_fewest_others_move_by_brute_force(data):
    """Over every answer there is: the most businesses served, and of those answers the most pairs held."""
    districts = st.sampled_from(("A", "B"))
    mentors = [
        (f"M{k}", "x", data.draw(districts), data.draw(st.integers(1, 3)), data.draw(districts)) for k in range(3)
    ]
    businesses = [(f"B{k}", "x", data.draw(districts), "G", None) for k in range(5)]
    who = st.one_of(st.none(), st.sampled_from(["M0", "M0", "M1"]))
    engaged = {code: mentor for code, *_ in businesses if (mentor := data.draw(who))}
    rows = [(f"E{k}", mentor, business, "2025-12-01", None) for k, (business, mentor) in enumerate(engaged.items())]
    office = seen(
        mentors=table("mentors", "mentor_id name district capacity extra_districts", *mentors),
        businesses=table("businesses", "business_id name district sector needs", *businesses),
        engagements=table("engagements", "engagement_id mentor_id business_id started_on ended_on", *rows),
        assessments=matching_office()["assessments"].iloc[:0],
    )
    try:
        base = make_match(office, FRAMEWORK, None, MatchRequest())
    except MatchRefused:
        return
    match = make_match(office, FRAMEWORK, None, rest_of(base, "M0"))
    held = {pair for pair in pairs_of(base).items() if pair[1] != "M0"}
    pool = [code for code, *_ in businesses if engaged.get(code, "M0") == "M0"]
    assert sorted([*pairs_of(match), *(row["business_id"] for row in match.unmatched)]) == pool
    room = {code: capacity - list(engaged.values()).count(code) for code, _, _, capacity, _ in mentors if code != "M0"}
    reach = {code: {home, further} for code, _, home, _, further in mentors if code != "M0"}
    options = [[None, *(m for m in reach if where(businesses, business) in reach[m])] for business in pool]
    best = max(
        (len(picked) - picked.count(None), len(held & set(zip(pool, picked, strict=True))))
        for picked in itertools.product(*options)
        if all(picked.count(mentor) <= max(places, 0) for mentor, places in room.items())
    )
    assert (len(match.pairs), len(held & set(pairs_of(match).items()))) == best


def test_present_pairs_over_capacity_or_reach_are_warnings_only():
    engagements = table(
        "engagements",
        "engagement_id mentor_id business_id started_on ended_on",
        ("E1", "M3", "B6", "2025-12-01", None),
        ("E2", "M3", "B5", "2025-12-01", None),
    )
    match = made(engagements=engagements)
    told = [str(warning) for warning in match.warnings]
    assert any("Citra (M3) has 2 active businesses and a capacity of 1" in text for text in told)
    assert any("outside the districts" in text for text in told)
    assert {"B5", "B6"} & set(pairs_of(match)) == set()
    assert "M3" not in pairs_of(match).values()


def test_a_capacity_that_is_not_given_is_thirty():
    mentors = matching_office()["mentors"].copy()
    mentors["capacity"] = np.nan
    assert {row["capacity"] for row in made(mentors=mentors).mentors} == {30}


def test_balance_spreads_the_work():
    mentors = table(
        "mentors", "mentor_id name district capacity", ("M1", "Ayu", "Serpong", 6), ("M2", "Budi", "Serpong", 6)
    )
    businesses = table(
        "businesses",
        "business_id name district sector needs",
        *((f"B{k}", "x", "Serpong", "G", "legal") for k in range(6)),
    )
    given = {"mentors": mentors, "businesses": businesses, "engagements": ENGAGEMENTS.iloc[:0]}
    alone = list(pairs_of(made(MatchRequest(), **given)).values())
    shared = list(pairs_of(made(MatchRequest(balance=0.6), **given)).values())
    assert alone.count("M1") == 6
    assert shared.count("M1") == shared.count("M2") == 3


@pytest.mark.parametrize(
    ("request_", "kind", "says"),
    [
        ({"locks": (("B9", "M1"),)}, NotFound, "B9"),
        ({"forbids": (("B1", "M9"),)}, NotFound, "M9"),
        ({"without": ("M9",)}, NotFound, "M9"),
        ({"locks": (("B1", "M1"), ("B2", "M1"))}, MatchRefused, "2 businesses are locked to M1"),
        ({"locks": (("B1", "M1"), ("B1", "M2"))}, MatchRefused, "more than one mentor"),
        ({"locks": (("B1", "M1"),), "forbids": (("B1", "M1"),)}, MatchRefused, "forbidden in the same request"),
        ({"locks": (("B6", "M1"),)}, MatchRefused, "active engagement"),
        ({"locks": (("B1", "M1"),), "without": ("M1",)}, MatchRefused, "takes nobody"),
        ({"keep": math.nan}, MatchRefused, "--keep"),
        ({"keep": -0.1}, MatchRefused, "--keep"),
        ({"balance": math.inf}, MatchRefused, "--balance"),
        ({"pool": "some"}, MatchRefused, "some"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(request_, kind, says):
    with pytest.raises(Refused) as refused:
        made(MatchRequest(**request_))
    assert isinstance(refused.value, kind)
    assert says in str(refused.value.what)


def test_no_place_anywhere_is_refused():
    mentors = matching_office()["mentors"].copy()
    mentors["capacity"] = 0.0
    with pytest.raises(MatchRefused, match="none of the 3 mentors has a free place"):
        made(mentors=mentors)
    with pytest.raises(DataMissing, match="mentors"):
        made(mentors=mentors.iloc[:0])


def test_scores_that_are_not_a_number_count_as_never_assessed():
    scores = matching_office()["assessments"].copy()
    scores["score"] = np.nan
    match = made(assessments=scores)
    assert len(match.pairs) == 3
    assert match.value == 0.0
    assert any("never assessed" in str(reason) for pair in match.pairs for reason in pair.reasons)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_office_no_pair_breaks_a_rule(data):
    """Checked on the tables themselves: reach, capacity, forbids; whoever is unserved has no mentor with a place."""
    districts = st.sampled_from(("A", "B", "C"))
    mentors = [
        (f"M{k}", "x", data.draw(districts), data.draw(st.integers(0, 3)), data.draw(districts)) for k in range(4)
    ]
    businesses = [(f"B{k}", "x", data.draw(districts), "G", "legal") for k in range(6)]
    pairs = st.tuples(st.sampled_from([f"B{k}" for k in range(6)]), st.sampled_from([f"M{k}" for k in range(4)]))
    forbids = tuple(data.draw(st.lists(pairs, max_size=5)))
    engaged = data.draw(st.dictionaries(st.sampled_from(["B0", "B1"]), st.sampled_from(["M0", "M1"])))
    rows = [(f"E{k}", mentor, business, "2025-12-01", None) for k, (business, mentor) in enumerate(engaged.items())]
    tables = matching_office(
        mentors=table("mentors", "mentor_id name district capacity extra_districts", *mentors),
        businesses=table("businesses", "business_id name district sector needs", *businesses),
        engagements=table("engagements", "engagement_id mentor_id business_id started_on ended_on", *rows),
        assessments=matching_office()["assessments"].iloc[:0],
    )
    office = snapshot_of(tables, 1, Dataset(), None)
    pool = data.draw(st.sampled_from(["new", "all"]))
    try:
        match = make_match(office, FRAMEWORK, None, MatchRequest(pool=pool, forbids=forbids))
    except MatchRefused:
        return
    reach = {code: {home, further} for code, _, home, _, further in mentors}
    room = {code: capacity for code, _, _, capacity, _ in mentors}
    if pool == "new":
        for mentor in engaged.values():
            room[mentor] -= 1
    for business, mentor in pairs_of(match).items():
        assert (business, mentor) not in forbids
        assert where(businesses, business) in reach[mentor] or engaged.get(business) == mentor
        room[mentor] -= 1
    served = set(pairs_of(match)) | (set(engaged) if pool == "new" else set())
    assert all(room[mentor] >= 0 for mentor in pairs_of(match).values())
    for row in match.unmatched:
        business = row["business_id"]
        assert business not in served
        free = [m for m in reach if where(businesses, business) in reach[m] and (business, m) not in forbids]
        assert all(room[mentor] <= 0 for mentor in free)
    assert len(served) + len(match.unmatched) == len(businesses)
