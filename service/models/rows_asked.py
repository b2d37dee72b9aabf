"""Which rows behind a model's card are asked for, alike for page, API and command."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from model.refusals import NotFound
from model.sentences import sentence
from service.language import mark

PER = ("engagement", "mentor")
_PERSONAL = frozenset({"gender", "birth_year", "disability"})
HEADS: Mapping[str, str] = {
    "engagement_id": mark("Engagement"),
    "mentor_id": mark("Mentor"),
    "business_id": mark("Business"),
    "started_on": mark("Start"),
    "size": mark("Size of the business"),
    "district": mark("District"),
    "sector": mark("Sector"),
    "mentor_district": mark("District of the mentor"),
    "fold": mark("Fold"),
    "folds": mark("Folds"),
    "outcome": mark("Seen"),
    "predicted": mark("Predicted"),
    "low": mark("Range, low"),
    "high": mark("Range, high"),
    "error": mark("Seen − predicted"),
    "reach": mark("Half of the range"),
    "inside": mark("Held"),
    "unusual": mark("Unusual"),
    "engagements": mark("Engagements"),
    "error_sum": mark("Sum of seen − predicted"),
    "square_sum": mark("Sum of its squares"),
    "by_linear": mark("Linear relation"),
    "by_linear_without": mark("Linear relation without scores"),
    "by_trees": mark("Boosted trees"),
    "by_trees_without": mark("Boosted trees without scores"),
    "by_pairs": mark("Monotone trees of pairs"),
    "by_pairs_without": mark("Monotone trees of pairs without scores"),
    "by_mean": mark("Mean only"),
}
"""Column → its heading."""
BY_WORDS: Mapping[str, str] = {
    "size": mark("Size of the business"),
    "district": mark("District"),
    "sector": mark("Sector"),
    "mentor_district": mark("District of the mentor"),
    "fold": mark("Fold"),
    "unusual": mark("Unusual"),
    "gender": mark("Gender, business"),
    "birth_year": mark("Year of birth, business"),
    "disability": mark("Disability, business"),
    "mentor_gender": mark("Gender, mentor"),
    "mentor_birth_year": mark("Year of birth, mentor"),
    "mentor_disability": mark("Disability, mentor"),
}
"""What rows are grouped by → its word."""


@dataclass(frozen=True)
class Which:
    """The rows asked for.

    ``left``: number of a reason that leaves engagements out, None for those learned from. ``by``, ``group``: of these
    only a group. ``per``: a row for each engagement or mentor.
    """

    left: int | None = None
    by: str = ""
    group: str = ""
    per: str = "engagement"

    @property
    def sums(self) -> bool:
        """Whether it is a group by who somebody is, of which there are sums only."""
        return self.by.removeprefix("mentor_") in _PERSONAL

    def given(self) -> dict[str, Any]:
        """As arguments."""
        return asdict(self)


def which(asked: Mapping[str, Any]) -> Which:
    """What an address or body asks for; what it does not name is as in :class:`Which`.

    Raises:
        NotFound: the number of a reason is none.
    """
    left = asked.get("left")
    if left is not None and not (str(left).isdecimal() and len(str(left)) < 4):
        raise NotFound(sentence("rows of this card"), str(left)[:40])
    given = {name: str(asked[name]) for name in ("by", "group", "per") if asked.get(name)}
    return Which(None if left is None else int(left), **given)
