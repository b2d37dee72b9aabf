"""One engagement from plain values: what growth to expect, in which range, why, and what about it is unusual."""

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from model.refusals import InputRefused
from model.sentences import Sentence, sentence
from training.learning.controls import AGE, PEERS, TURNOVER
from training.learning.ranges import NEED, SCORE
from training.publishing import Model
from training.scoring.curves import curves_of
from training.scoring.standing import LEAST, Show, Words, label_of, reference_of, teller_of
from training.scoring.unusual import unusual_row

_MOST_REASONS = 5
_MOST_TOLD = 500  # unusual values whose words are kept


class Scorer:
    """Answers for single engagements by one model, within microseconds; build it once per model.

    ``areas``: areas a score can be given in. ``needs``: areas a business can have a need in. ``facts``: what else can
    be told: "turnover" and "mentor_turnover" (monthly, rupiah: of the business before the start, and typical of the
    mentor's businesses), "business_age" (years), "start_quarter" ("2026-Q1"), "sector", "district", own controls.
    """

    def __init__(self, model: Model, words: Words | None = None, show: Show = lambda value: value) -> None:
        """Work out every curve.

        Args:
            model: a published model.
            words: for the labels; without them the codes stand for themselves.
            show: makes text of a label or of a value in a sentence; without it answers hold sentences.
        """
        self._model, self._known, self._show = model, words or Words({}), show
        self.areas, self.needs = frozenset(model.areas), frozenset(model.controls.areas)
        texts = {text.name for text in model.controls.texts} | model.seen.texts.keys()
        numbers = {number.name for number in model.controls.numbers}
        numbers |= {name for name in model.seen.numbers if not name.startswith((NEED, SCORE))}
        self._taken: list[tuple[str, Callable[[Any], Any]]]
        self._taken = [(name, _TAKEN.get(name, _number)) for name in sorted(numbers)]
        self._taken += [(name, _text) for name in sorted(texts)]
        self.facts = frozenset(numbers | texts)
        self._scores = [(area, SCORE + area) for area in model.areas]
        self._flags = [(area, NEED + area) for area in model.controls.areas]
        curves = curves_of(model)
        self._base = curves.base
        self._ends = model.residuals.low, model.residuals.high
        self._alone = [(*self._about(name), share) for name, share in curves.alone.items()]
        self._pairs = [(*self._about(s), *self._about(n), without, having) for s, n, without, having in curves.pairs]
        named = [row[0] for row in self._alone] + [name for row in self._pairs for name in (row[0], row[3])]
        self._tell = {name: teller_of(model, name, self._known, show) for name in named}
        self._limits = [(name, low, high) for name, (low, high) in model.seen.numbers.items()]
        self._words = list(model.seen.texts.items())
        self._told: dict[tuple[str, Any], dict[str, Any]] = {}

    def score(
        self, scores: Mapping[str, float | None], needs: Collection[str], facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Predict one engagement of a mentor never seen and give the exact reasons: base + contributions = growth.

        Args:
            scores: area → score 0..100; an area that is left out or None counts as not assessed.
            needs: areas the business has a need in.
            facts: what else is known of it, by the names in ``facts``, in plain units; left out or None: not known.

        Returns:
            {"expected_growth", "low", "high", "base", "contributions", "unusual", "model"}: the 90 % range is that of
            one engagement; contributions are rows as ``explain engagement`` gives them, the weightiest first.

        Raises:
            InputRefused: an area or fact the model does not know, a score outside 0..100, a value of the wrong kind.
        """
        x = self._values(scores, needs, facts)
        rows, value = self._rows(x)
        low, high = self._ends
        return {
            "expected_growth": value,
            "low": value + low,
            "high": value + high,
            "base": self._base,
            "contributions": rows,
            "unusual": self._unusual(x),
            "model": self._model.name,
        }

    def _rows(self, x: Mapping[str, Any]) -> tuple[list[dict[str, Any]], float]:
        """Contributions, the weightiest first, and base + their sum. Written out flat, because calls cost most here."""
        total = self._base
        rows: list[dict[str, Any]] = []
        for name, label, reference, share in self._alone:
            own = x[name]
            part = share(own)
            total += part
            rows.append({"feature": name, "label": label, "value": own, "reference": reference, "contribution": part})
        for name, label, reference, need, needing, mix, without, having in self._pairs:
            own, flag = x[name], x[need]
            part, other = having(own) if flag else without(own)
            total += part + other
            rows.append({"feature": name, "label": label, "value": own, "reference": reference, "contribution": part})
            rows.append({"feature": need, "label": needing, "value": flag, "reference": mix, "contribution": other})
        rows.sort(key=lambda row: abs(row["contribution"]), reverse=True)
        return rows, total

    def reasons(self, answer: Mapping[str, Any]) -> list[Sentence]:
        """The weightiest contributions of an answer in words, five at most, then what is unusual about it."""
        told = [
            self._tell[row["feature"]](row["value"], row["contribution"])
            for row in answer["contributions"][:_MOST_REASONS]
            if abs(row["contribution"]) >= LEAST
        ]
        return [*told, *(row["said"] for row in answer["unusual"])]

    def _about(self, name: str) -> tuple[str, Any, Any]:
        """A feature, its label and what its values are compared with."""
        reference = reference_of(self._model, name, self._known)
        shown = self._show(reference) if isinstance(reference, Sentence) else reference
        return name, self._show(label_of(name, self._known.areas)), shown

    def _values(
        self, scores: Mapping[str, float | None], needs: Collection[str], facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Every feature as the model takes it, None where it is not known."""
        if not (scores.keys() <= self.areas and facts.keys() <= self.facts and self.needs.issuperset(needs)):
            raise _unknown(self, scores, needs, facts)
        x: dict[str, Any] = {}
        asked, value = "", None
        try:
            for asked, taken in self._taken:
                value = facts.get(asked)
                x[asked] = value if value is None else taken(value)
            for asked, name in self._scores:
                value = scores.get(asked)
                x[name] = value if value is None else _score(value)
        except (TypeError, ValueError) as fault:
            raise _unfit(asked, value) from fault
        for area, name in self._flags:
            x[name] = 1.0 if area in needs else 0.0
        return x

    def _unusual(self, x: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = []
        for name, low, high in self._limits:
            value = x[name]
            if value is not None and not low <= value <= high:
                found.append(name)
        for name, words in self._words:
            value = x[name]
            if value and value not in words:
                found.append(name)
        return [dict(self._unusual_row(name, x[name])) for name in found]

    def _unusual_row(self, name: str, value: Any) -> dict[str, Any]:
        """The words about one unusual value; kept, for a flag that was always alike in training is met again."""
        row = self._told.get((name, value))
        if row is None:
            row = unusual_row(self._model, name, value, self._known)
            if len(self._told) < _MOST_TOLD:
                self._told[name, value] = row
        return row


def _number(value: float) -> float:
    if isinstance(value, bool) or value - value != 0:
        raise ValueError(value)
    return float(value)


def _log(value: float) -> float:
    return math.log(_number(value))


def _log1p(value: float) -> float:
    if value < 0:
        raise ValueError(value)
    return math.log1p(_number(value))


def _score(value: float) -> float:
    if isinstance(value, bool) or not 0 <= value <= 100:
        raise ValueError(value)
    return float(value)


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


_TAKEN: Mapping[str, Callable[[Any], float]] = {TURNOVER: _log, PEERS: _log, AGE: _log1p}
"""Facts that the model holds as logarithms."""


def _unknown(scorer: Scorer, scores: Collection[str], needs: Collection[str], facts: Collection[str]) -> InputRefused:
    groups = (
        (scores, scorer.areas, sentence("the scores")),
        (needs, scorer.needs, sentence("the needs")),
        (facts, scorer.facts, sentence("the facts")),
    )
    given, known, where = next(group for group in groups if not group[1].issuperset(group[0]))
    strange = sorted(str(name) for name in given if name not in known)
    return InputRefused(
        sentence("The model does not know %(names)s.", names=", ".join(strange)),
        where=where,
        mend=sentence("Leave it out, or give one of: %(names)s.", names=", ".join(sorted(known))),
    )


def _unfit(name: str, value: object) -> InputRefused:
    return InputRefused(
        sentence("%(value)s cannot be the value of %(name)s.", value=str(value)[:50], name=name),
        where=sentence("the values to predict for"),
        mend=sentence(
            "Give scores from 0 to 100, turnover in rupiah above 0, ages in years, other numbers as finite numbers and "
            "texts as texts; leave out what is not known."
        ),
    )
