"""What is wrong with a request is said field by field in the reader's language, never in a library's own words."""

import pytest

from service.settings import settings
from service.usecases import Programme
from tests.people_rig import caller_as

CASES = [
    ("plans", {}, "budget_idr", "Isian ini belum ada.", "The field is missing."),
    ("plans", {"budget_idr": "x"}, "budget_idr", "Diperlukan bilangan bulat.", "A whole number is needed."),
    ("plans", {"budget_idr": 0}, "budget_idr", "Angkanya paling sedikit 1.", "The number must be at least 1."),
    ("plans", {"budget_idr": 1, "colour": 1}, "colour", "Tidak ada isian", "There is no field of this name."),
    (
        "plans",
        {"budget_idr": 1, "risk": "odd"},
        "risk",
        "Pilih salah satu: mean, cautious.",
        "Choose from: mean, cautious.",
    ),
    (
        "plans",
        {"budget_idr": 1, "lock": ["x"]},
        "lock/0",
        "Teksnya tidak",
        "The text does not have the form described.",
    ),
    ("plans", {"budget_idr": 1, "as_of": "2026-02-30"}, "as_of", "Diperlukan tanggal", "A day of the calendar"),
    ("matches", {"keep": 11}, "keep", "Angkanya paling banyak 10.", "The number must be at most 10."),
    ("matches", {"keep": "much"}, "keep", "Diperlukan angka.", "A number is needed."),
    ("intake-desk", {"district": ""}, "district", "Diperlukan paling sedikit 1", "At least 1 letters or entries"),
    ("intake-desk", {"district": 7}, "district", "Diperlukan teks.", "A text is needed."),
    ("intake-desk", {"district": "x", "needs": "y"}, "needs", "Diperlukan daftar.", "A list is needed."),
]


@pytest.fixture(scope="module")
def caller(tmp_path_factory):
    home = tmp_path_factory.mktemp("faults") / "home"
    Programme(settings(home=home)).store.prepare()
    return caller_as(home)


@pytest.mark.parametrize(("path", "body", "at", "indonesian", "english"), CASES)
def test_a_body_is_refused_in_the_readers_language(caller, path, body, at, indonesian, english):
    for lang, said in (("id", indonesian), ("en", english)):
        answer = caller.post(f"/api/v1/{path}?lang={lang}", json=body)
        assert answer.status_code == 400
        (fault,) = answer.json["faults"]
        assert fault["at"] == at
        assert fault["message"].startswith(said), fault


def test_so_is_a_query(caller):
    for query, said in (("limit=x", "Diperlukan bilangan bulat"), ("limit=1&limit=2", "Nama ini")):
        (fault,) = caller.get(f"/api/v1/plans?lang=id&{query}").json["faults"]
        assert fault["message"].startswith(said), fault
