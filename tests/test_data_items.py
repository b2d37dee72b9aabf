"""Items drawn from responses where the office keeps no list of them."""

import pandas as pd

from data.items import draw_items


def responses(batch_of, *ids):
    rows = [{"respondent_id": f"R{n}", "mentor_id": "M1", "item_id": i, "answer": 1.0} for n, i in enumerate(ids)]
    batch = batch_of(responses=rows)
    batch.origin["responses"] = pd.DataFrame({"file": "responses.csv", "sheet": None, "row": range(2, len(ids) + 2)})
    return batch


def test_items_come_in_the_order_in_which_they_first_appear(batch_of):
    batch = responses(batch_of, "Z", "A", "Z", "M", None)
    draw_items(batch)
    assert list(batch.tables["items"]["item_id"]) == ["Z", "A", "M"]
    assert list(batch.tables["items"]["text_id"]) == ["Z", "A", "M"]
    assert list(batch.origin["items"]["row"]) == [2, 3, 5]
    assert "3 items were drawn" in batch.notes[0].text % {"count": 3}


def test_an_offices_own_items_stay(batch_of):
    batch = responses(batch_of, "Z")
    batch.tables |= batch_of(items=[{"item_id": "A", "text_id": "a"}]).tables
    draw_items(batch)
    assert list(batch.tables["items"]["item_id"]) == ["A"]
    assert batch.notes == []


def test_without_responses_there_are_none(batch_of):
    batch = batch_of(mentors=[{"mentor_id": "M1", "name": "A", "district": "B"}])
    draw_items(batch)
    assert "items" not in batch.tables
