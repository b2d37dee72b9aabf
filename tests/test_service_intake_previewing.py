"""What is shown as understood of an upload is what would be stored: no row that is at fault."""

import io

from service.settings import settings
from service.usecases import Programme

MENTORS = b"mentor_id,name,district,capacity\nM1,Ani,Setu,20\nM2,Budi,Setu,many\nM3,Citra,Setu,-4\nM4,Dewi,Setu,\n"


def test_rows_at_fault_are_not_shown_as_understood(tmp_path):
    programme = Programme(settings(home=tmp_path))
    staged = programme.stage([("mentors.csv", io.BytesIO(MENTORS))], owner="user:1")
    (table,) = programme.staged(staged)["understood"]
    assert table["count"] == 4
    assert [row[0] for row in table["rows"]] == ["M1", "M4"]
    assert [row[table["columns"].index("capacity")] for row in table["rows"]] == [20, 30]  # empty: the usual one
