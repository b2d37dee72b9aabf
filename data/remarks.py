"""What a user should know of a batch that is no fault: future dates, needs no one answers, doubtful figures."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd

from data.batch import Batch
from data.snapshot import DATED, month_end
from model.framework import Framework
from model.sentences import Number, Sentence, sentence


def notes_on(batch: Batch, framework: Framework, today: date) -> list[Sentence]:
    """Remarks on the batch as a whole, each counted once."""
    return [
        *_future(batch, pd.Timestamp(today)),
        *_unanswered(batch, framework),
        *_early(batch),
        *_overlaps(batch),
        *_turnover(batch),
    ]


def _future(batch: Batch, today: pd.Timestamp) -> Iterator[Sentence]:
    """Dates after today: the newest one becomes the day all answers are given for."""
    days = {f"{name}.{column}": batch.tables[name][column] for name, column in DATED.items() if name in batch.tables}
    if "reports" in batch.tables:
        months = batch.tables["reports"]["month"]
        days["reports.month"] = month_end(months)[month_end(months) - pd.offsets.MonthBegin() > today]
    for column, values in days.items():
        count = int((values > today).sum())
        if count:
            yield sentence(
                "Dates in %(column)s after today: %(count)s, the newest on %(newest)s. Answers are given as of the "
                "newest date unless --as-of says otherwise.",
                count=Number(count),
                column=column,
                newest=values.max().date().isoformat(),
            )


def _unanswered(batch: Batch, framework: Framework) -> Iterator[Sentence]:
    """Needs whose area this data does not have: no mentor or course is ever chosen for them."""
    if "businesses" not in batch.tables:
        return
    areas = (batch.dataset.areas if batch.dataset else None) or framework.areas
    needs = batch.tables["businesses"]["needs"].dropna()
    for code, count in Counter(code for listed in needs for code in listed.split(";")).items():
        problem = framework.problems.get(code)
        if problem is None or problem.area not in areas:
            yield sentence(
                "No area of this data answers the need %(code)s, so that no mentor and no course is chosen for it. "
                "Businesses with it: %(count)s.",
                code=code,
                count=Number(count),
            )


def _early(batch: Batch) -> Iterator[Sentence]:
    """Engagements before the business existed: possible for a founder, more often a wrong year."""
    if not {"engagements", "businesses"} <= batch.tables.keys():
        return
    years = batch.tables["businesses"].drop_duplicates("business_id").set_index("business_id")["start_year"]
    engagements = batch.tables["engagements"]
    count = int((engagements["started_on"].dt.year < engagements["business_id"].map(years)).sum())
    if count:
        yield sentence(
            "Engagements that start before the year in which their business began (start_year): %(count)s.",
            count=Number(count),
        )


def _overlaps(batch: Batch) -> Iterator[Sentence]:
    """Two engagements of the same mentor and business that run at the same time."""
    if "engagements" not in batch.tables:
        return
    pair = ["mentor_id", "business_id"]
    rows = batch.tables["engagements"].sort_values([*pair, "started_on"], kind="stable")
    ends = rows["ended_on"].fillna(pd.Timestamp.max)
    before = ends.groupby([rows[name] for name in pair]).cummax().groupby([rows[name] for name in pair]).shift(1)
    count = int((rows["started_on"] <= before).sum())
    if count:
        yield sentence(
            "Engagements that begin while an earlier one of the same mentor and business still runs: %(count)s.",
            count=Number(count),
        )


def _turnover(batch: Batch) -> Iterator[Sentence]:
    if "reports" not in batch.tables:
        return
    reports = batch.tables["reports"]
    best = reports.groupby("business_id")["turnover_idr"].max()
    without = int((best <= 0).sum())
    if without:
        yield sentence(
            "Businesses that report no turnover in any month, so that no growth can be computed: %(count)s.",
            count=Number(without),
        )
    above = int((reports["profit_idr"] > reports["turnover_idr"]).sum())
    if above:
        yield sentence(
            "Reports with a profit above their turnover: %(count)s. Check that the two columns are not exchanged.",
            count=Number(above),
        )
