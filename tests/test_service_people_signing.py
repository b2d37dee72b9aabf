"""Who decides, answers or publishes does so in a role that there is and that may do it; else it is refused in words."""

import pytest

from model.refusals import AccessRefused, InputRefused
from service.language import Language
from service.people.roles import MAY_RAISE, Permission, Role, able, permissions_of, role_for
from tests.command_line import suluh, told
from tests.test_service_desk import asked, office

DEEDS = {
    "decide_plan": (Permission.DECIDE,),
    "approve_plan": (Permission.APPROVE,),
    "approve_match": (Permission.APPROVE,),
    "publish_match": (Permission.APPROVE,),
    "decline_pair": (Permission.DECIDE,),
    "decide_desk": (Permission.DECIDE,),
    "withdraw_desk": (Permission.DECIDE,),
    "publish_report": (Permission.PUBLISH_REPORTS,),
    "publish_record": (Permission.PUBLISH_REPORTS,),
    "raise_objection": MAY_RAISE,
    "answer_objection": (Permission.ANSWER,),
}


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    """With a plan of one choice, a matching, a decision of the desk and an objection."""
    place = tmp_path_factory.mktemp("signing")
    made = office(place, capacity=9)
    (place / "courses.csv").write_text(
        "course_id,title,area,cost_per_participant_idr,expected_gain,expected_gain_sd\nK1,Kursus,legal,100000,8,3\n"
    )
    (place / "engagements.csv").write_text(
        "engagement_id,mentor_id,business_id,started_on\nE1,M2,B1,2025-02-01\n", encoding="utf-8"
    )
    assert made.import_([place / "courses.csv", place / "engagements.csv"])["refused"] == []
    plan = made.plan(budget=1_000_000)
    assert [choice["mentor_id"] for choice in plan["choices"]] == ["M2"]
    made.match()
    made.decide_desk("accept", business="N-1", mentor="M1", name="Sari", role="hr", **desk(made))
    made.raise_objection(mentor_id="M1", kind="objection", said="Not so", name="Ani", role="mentor")
    return made


def desk(programme):
    return {name: value for name, value in asked(programme).items() if name not in {"name", "role"}}


def do(programme, deed, role):
    given = {
        "decide_plan": (("1", "M2:K1", "accept"), {}),
        "approve_plan": (("1",), {}),
        "approve_match": (("1",), {}),
        "publish_match": (("1",), {}),
        "decline_pair": (("1", "B2:M1"), {"reason": "ill"}),
        "decide_desk": (("accept",), {"business": "N-2", "mentor": "M1", **desk(programme)}),
        "withdraw_desk": (("1",), {"reason": "closed"}),
        "publish_report": ((), {"period": "2025"}),
        "publish_record": (("dpia",), {}),
        "raise_objection": ((), {"mentor_id": "M1", "kind": "objection", "said": "Not so"}),
        "answer_objection": (("1",), {"outcome": "noted", "said": "Seen"}),
    }
    arguments, more = given[deed]
    return getattr(programme, deed)(*arguments, name="Sari", role=role, **more)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_role_that_is_none_or_may_not_is_refused_and_nothing_is_recorded(programme, deed):
    known = programme.store.audit_entries()
    wrong = [("bupati", InputRefused), *((role, AccessRefused) for role in Role if role not in able(*DEEDS[deed]))]
    for role, kind in wrong:
        with pytest.raises(kind) as caught:
            do(programme, deed, str(role))
        said = [Language(code).say(caught.value.mend) for code in ("en", "id")]
        assert all(role in text for text in said for role in able(*DEEDS[deed])), role
    assert programme.store.audit_entries() == known


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed not in {"publish_match", "decline_pair"}])
def test_every_deed_is_recorded_under_a_role_that_may(programme, deed):
    """In the order of the table, for an approved plan takes no decisions any more."""
    role = able(*DEEDS[deed])[0]
    do(programme, deed, role.upper())
    assert programme.store.check_audit().broken is None


def test_a_role_is_known_by_its_code_or_its_name_in_either_language_and_kept_by_its_code():
    given = ("head", "HEAD", " Head of office", "Kepala dinas", "kepala-dinas")
    assert {role_for(one, Permission.APPROVE) for one in given} == {"head"}
    for role in Role:
        for permission in permissions_of(role):
            assert role_for(role, permission) == role


def test_the_help_of_a_command_names_the_roles():
    assert "--role manager|head" in told("plan", "approve", "--help")
    assert "--role manager|hr|head" in told("desk", "decide", "--help")
    assert "wajib" in told("plan", "approve", "--help", lang="id")


def test_the_command_says_so_and_records_nothing(programme):
    home = programme.settings.home
    for role, word in (("bupati", "no role bupati"), ("mentor", "mentor (Mentor) may not do this")):
        fault = suluh("report", "publish", "--name", "A", "--role", role, home=home, code=2)["error"]
        assert word in fault["what"]
        assert "manager (Programme manager), head (Head of office)" in fault["mend"]
