"""Items of a questionnaire whose office keeps no list of them."""

import pandas as pd

from data.batch import Batch
from data.store.rows import normal
from model.sentences import Number, sentence
from model.tables import TABLES


def draw_items(batch: Batch) -> None:
    """Give a batch without a table of items the items its responses name, in the order in which they first appear.

    The text of an item is its id. For the first responses of an office only: where items are stored already, an
    unknown one is more likely a slip of the hand.
    """
    if "items" in batch.tables or "responses" not in batch.tables:
        return
    first = batch.tables["responses"]["item_id"].dropna().drop_duplicates()
    if not len(first):
        return
    batch.tables["items"] = normal(TABLES["items"], pd.DataFrame({"item_id": first, "text_id": first}))
    batch.origin["items"] = batch.origin["responses"].loc[first.index].reset_index(drop=True)
    batch.notes.append(
        sentence(
            "There is no table of items: %(count)s items were drawn from the responses, in the order in which they "
            "first appear there.",
            count=Number(len(first)),
        )
    )
