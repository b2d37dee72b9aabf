"""What was predicted for every engagement without its mentor's fold: the rows that the figures of a card rest on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.learning.conformal import Held, Residuals
from training.learning.champion import LINEAR

if TYPE_CHECKING:
    from training.learning.preparing import Prepared
    from training.learning.validating import Validation

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEARNERS = ("linear", "linear_without", "trees", "trees_without", "pairs", "pairs_without", "mean")
"""Names of the learners' columns: the relation, boosted trees and monotone trees of pairs, each also without traits."""


@dataclass(frozen=True)
class FoldRows:
    """The n engagements learned from, by their ids, in the order of the training rows.

    ``fold``: (n) from 0. ``observed``: (n) outcome. ``predicted``: (n, L) by the learners of :data:`LEARNERS`, each
    fitted on the other folds. ``unusual``: (n) outside what the other folds had seen. ``ranges``: for each fold what
    its ranges were made of. ``champion``: name of the learner that predicts and whose ranges these are.
    """

    engagements: tuple[str, ...]
    fold: Integers
    observed: Floats
    predicted: Floats
    unusual: NDArray[np.bool_]
    ranges: tuple[Residuals, ...]
    champion: str

    def of(self, learner: str) -> Floats:
        """(n) predictions of a learner."""
        column: Floats = self.predicted[:, LEARNERS.index(learner)]
        return column

    def ends(self) -> tuple[Floats, Floats]:
        """(n) low and (n) high ends of the champion's 90 % ranges."""
        low, high = (np.array([getattr(found, end) for found in self.ranges]) for end in ("low", "high"))
        return self.of(self.champion) + low[self.fold], self.of(self.champion) + high[self.fold]

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays, for the model file; the ids as JSON, for their length is not known beforehand."""
        ids = json.dumps([self.champion, *self.engagements], ensure_ascii=False).encode("utf-8")
        return {
            "ids": np.frombuffer(ids, dtype=np.uint8),
            "fold": self.fold.astype(np.uint8),
            "observed": self.observed,
            "predicted": self.predicted,
            "unusual": self.unusual,
            "ranges": np.array([astuple(found) for found in self.ranges]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "FoldRows":
        """Back from :meth:`as_arrays`.

        Raises:
            ValueError: the arrays do not fit together.
        """
        champion, *engagements = json.loads(arrays["ids"].tobytes().decode("utf-8"))
        fold, predicted, ranges = arrays["fold"].astype(np.int64), arrays["predicted"], arrays["ranges"]
        count = (len(engagements),)
        alike = fold.shape == arrays["observed"].shape == arrays["unusual"].shape == count
        if not alike or predicted.shape != (*count, len(LEARNERS)) or not (fold < len(ranges)).all():
            raise ValueError("rows of other folds")
        return cls(
            tuple(map(str, engagements)),
            fold,
            arrays["observed"],
            predicted,
            arrays["unusual"].astype(np.bool_),
            tuple(Residuals(*map(float, row)) for row in ranges),
            LEARNERS[LEARNERS.index(champion)],
        )


def fold_rows_of(prepared: "Prepared", validation: "Validation", kept: Held, unusual: NDArray[np.bool_]) -> FoldRows:
    """The rows of a validation; ``kept``: its ranges, ``unusual``: (n)."""
    ids: Sequence[Any] = prepared.rows.cases.table["engagement_id"].tolist()
    return FoldRows(
        tuple(map(str, ids)),
        validation.fold,
        prepared.basis.outcome,
        validation.predicted,
        unusual,
        kept.ranges,
        "linear" if validation.champion.learner == LINEAR else "pairs",
    )
