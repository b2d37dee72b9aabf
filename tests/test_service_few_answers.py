"""Sums of few answers tell what each said where all agree: fewer than five are not told to the mentor concerned."""

import pytest

from service.cases.tables import FEWEST
from service.settings import settings
from service.usecases import Programme


@pytest.mark.parametrize(("count", "told"), [(4, 0), (5, 1)])
def test_four_who_agree_are_not_told_and_five_are(tmp_path, count, told):
    assert FEWEST == 5
    files = {
        "mentors": ["mentor_id,name,district", "M1,Ani,Setu"],
        "items": ["item_id,text_id", "I1,Datang tepat waktu"],
        "responses": ["respondent_id,mentor_id,item_id,answer", *(f"R{n},M1,I1,ya" for n in range(count))],
    }
    for name, lines in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    programme = Programme(settings(home=tmp_path / "home"))
    assert programme.import_([tmp_path / f"{name}.csv" for name in files])["refused"] == []
    assert len(programme.answer_sums("M1")) == told
