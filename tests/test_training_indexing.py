"""The index from stored tables: newest answers, groups, the items that count."""

from datetime import date

import pandas as pd
import pytest

from data.batch import Dataset
from data.framework_file import read_framework
from data.snapshot import snapshot_of
from model.refusals import DataMissing
from training.indexing import answer_matrix, index_groups

FRAMEWORK = read_framework()


def snapshot(answers, *, items=("i1", "i2", "i3"), as_of=None, mentors=(("m2", "south"), ("m1", "north"))):
    """``answers``: respondent, mentor, item, yes, day or None."""
    columns = ["respondent_id", "mentor_id", "item_id", "answer", "answered_on"]
    responses = pd.DataFrame(answers, columns=columns)
    responses["answer"] = responses["answer"].astype("float64")
    responses["answered_on"] = pd.to_datetime(responses["answered_on"]).astype("datetime64[ns]")
    tables = {
        "mentors": pd.DataFrame([(m, m, d) for m, d in mentors], columns=["mentor_id", "name", "district"]),
        "items": pd.DataFrame({"item_id": list(items), "text_id": list(items)}),
        "responses": responses,
    }
    return snapshot_of(tables, 1, Dataset(), as_of or date(2025, 12, 31))


def row(respondent, mentor, answers, day="2025-01-01"):
    return [(respondent, mentor, f"i{number}", int(a), day) for number, a in enumerate(answers, 1) if a in "01"]


def test_the_newest_answer_counts_and_an_undated_one_is_oldest():
    found = answer_matrix(
        snapshot(
            [
                ("r", "m1", "i1", 1, "2025-03-01"),
                ("r", "m1", "i1", 0, "2025-02-01"),
                ("r", "m1", "i1", 0, None),
                ("r", "m1", "i2", 1, None),
                ("r", "m1", "i3", 0, "2025-02-01"),
            ]
        )
    )
    assert found.cells.tolist() == [[1, 1, 0]]


def test_an_answer_after_the_day_is_not_seen():
    answers = [("r", "m1", "i1", 1, "2025-03-01"), ("r", "m1", "i1", 0, "2025-02-01")]
    assert answer_matrix(snapshot(answers, as_of=date(2025, 2, 15))).cells.tolist() == [[0]]


def test_a_row_is_respondent_and_mentor_and_a_respondent_no_key():
    found = answer_matrix(snapshot(row("r", "m1", "101") + row("r", "m2", "011") + row("q", "m2", "000")))
    assert found.cells.tolist() == [[0, 0, 0], [0, 1, 1], [1, 0, 1]]
    assert found.mentors.tolist() == [0, 0, 1]


def test_ties_follow_the_items_table_and_unasked_items_do_not_count():
    answers = row("a", "m1", "10") + row("b", "m1", "10") + row("c", "m1", "01") + row("d", "m1", "01")
    assert answer_matrix(snapshot(answers)).items == ("i1", "i2")
    assert answer_matrix(snapshot(answers, items=("i3", "i2", "i1"))).items == ("i2", "i1")
    lopsided = [*answers, *row("e", "m1", "10"), *row("f", "m1", "11")]
    assert index_groups(snapshot(lopsided), FRAMEWORK)[0].items == 2


def test_the_papers_zero_from_tables():
    answers = [cell for r, a in zip("abcd", ("10", "10", "10", "01"), strict=True) for cell in row(r, "m1", a)]
    (found,) = index_groups(snapshot(answers), FRAMEWORK)
    assert (found.group, found.respondents, found.items, found.errors) == ("program", 4, 2, 2)
    assert (found.ks, found.x, found.kr, found.band.id) == (0, 2, 0.75, "buruk")


def test_groups_are_the_mentors_own_and_their_districts():
    mentors = (("m2", "south"), ("m1", "north"), ("m3", "south"), ("m4", "east"))
    answers = row("a", "m1", "110") + row("a", "m2", "100") + row("b", "m2", "111") + row("c", "m3", "10")
    seen = snapshot(answers, mentors=mentors)
    by_mentor = {g.group: g for g in index_groups(seen, FRAMEWORK, "mentor")}
    by_district = {g.group: g for g in index_groups(seen, FRAMEWORK, "district")}
    (whole,) = index_groups(seen, FRAMEWORK, "program")
    assert [*by_mentor] == ["m2", "m1", "m3", "m4"]
    assert [*by_district] == ["east", "north", "south"]
    assert [g.respondents for g in by_mentor.values()] == [2, 1, 0, 0]
    assert by_district["south"].respondents == 2
    assert by_district["south"].rows_incomplete == 1
    assert (by_district["south"].answers, by_district["south"].delivery_rate) == (8, 5 / 8)
    assert (whole.respondents, whole.answers) == (3, 11)
    assert {g.items for g in [*by_mentor.values(), *by_district.values()]} == {3}
    assert by_mentor["m4"].delivery_rate is None
    assert by_mentor["m4"].verdict is None
    assert whole.persons is not None or whole.difficulty_reason is not None
    assert by_mentor["m2"].persons is None


def test_a_group_is_drawn_the_same_whoever_else_is_listed():
    answers = [cell for r in range(12) for m in ("m1", "m2") for cell in row(str(r), m, format(r * 5 % 8, "03b"))]
    seen = snapshot(answers)
    alone = snapshot([cell for cell in answers if cell[1] == "m1"])
    both = {g.group: g for g in index_groups(seen, FRAMEWORK, "mentor", seed=5)}
    assert {g.group: g for g in index_groups(alone, FRAMEWORK, "mentor", seed=5)}["m1"] == both["m1"]
    assert index_groups(seen, FRAMEWORK, seed=5) == index_groups(seen, FRAMEWORK, seed=5)


def test_the_order_of_the_file_does_not_matter():
    answers = [cell for r in range(30) for cell in row(str(r), ("m1", "m2")[r % 2], format(r * 5 % 8, "03b"))]
    assert index_groups(snapshot(answers), FRAMEWORK) == index_groups(snapshot(answers[::-1]), FRAMEWORK)


def test_no_answers_are_refused_with_what_where_and_how_to_mend():
    with pytest.raises(DataMissing) as refused:
        index_groups(snapshot([]), FRAMEWORK)
    assert "no answers" in str(refused.value.what)
    assert "2025-12-31" in str(refused.value.where)
    assert "Import" in str(refused.value.mend)


def test_progress_is_told():
    told = []
    answers = row("a", "m1", "110") + row("b", "m2", "100")
    index_groups(snapshot(answers), FRAMEWORK, "mentor", progress=lambda share, doing: told.append((share, str(doing))))
    assert told == [(0.0, "index 1 of 2"), (0.5, "index 2 of 2")]
