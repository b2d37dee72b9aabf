"""The audit log in words: every action that is recorded has a sentence in both languages."""

import re
from pathlib import Path

import pytest

from data.store import desk, matches
from service.language import Language
from service.people.deeds import DEEDS, deed, kind

ROOT = Path(__file__).parents[1]
CALL = r'(?:\brecord\((?:connection, )?|change_account\([^"]*|_set\([^"]*|action = )'
RECORDED = re.compile(CALL + r'"([a-z]+(?:[.-][a-z]+)?)"(?: if disabled else "([a-z.]+)")?')
ID, EN = Language("id"), Language("en")


def recorded() -> set[str]:
    found = set()
    for floor in ("data", "service"):
        for path in (ROOT / floor).rglob("*.py"):
            for names in RECORDED.findall(path.read_text(encoding="utf-8")):
                found |= set(names) - {""}
    at_the_desk = {f"desk.{event}" for event in (desk.ACCEPT, desk.CHANGE, desk.REFUSE, desk.WITHDRAW)}
    return found | at_the_desk | {f"match.{event}" for event in (matches.APPROVED, matches.PUBLISHED, matches.DECLINED)}


def test_every_action_that_is_recorded_has_its_sentence_and_no_other():
    assert recorded() == set(DEEDS)


@pytest.mark.parametrize(
    ("action", "subject", "about", "told"),
    [
        ("plan.approve", "plan:3", None, "Rencana pelatihan 3 disetujui."),
        ("plan.decide", "plan:3 M001:K02", None, "Satu pilihan rencana pelatihan diputuskan: 3 M001:K02."),
        ("user.add", "user:5", "sari", "Akun sari dibuat."),
        ("login.failed", "", None, "Upaya masuk gagal: nama yang tidak dikenal."),
        ("backup", "", None, "Cadangan dibuat."),
        ("of a later version", "x:1", None, "of a later version"),
    ],
)
def test_a_row_is_told_by_what_it_was_about(action, subject, about, told):
    assert deed({"action": action, "subject": subject, "about": about}, ID) == told


def test_an_action_is_told_without_what_it_was_about():
    assert kind("plan.approve", EN) == "Training plan … was approved."
    assert kind("unknown", EN) == "unknown"
