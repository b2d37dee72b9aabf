"""Published models, as answered."""

from typing import Any

from pydantic import Field

from service.api.answers.common import Answer, Areas, Range


class Effect(Answer):
    """What ten points in an area do, with the evidence for it."""

    area: str
    need: bool
    per_points: int
    mean: float
    low: float
    high: float
    evidence: str


class Trained(Answer):
    """What training answered."""

    model: str
    engagements: int
    mentors: int
    r2_unseen_mentors: float | None
    r2_without_mentor_traits: float | None
    supported_gain: bool
    effects: list[Effect]
    data_version: int
    as_of: str


class Published(Answer):
    """What is recorded of a version."""

    data_version: int
    as_of: str
    created_at: str
    file: str
    sha256: str
    used_at: list[str]


class Model(Trained):
    """What training answered for a version, and what is recorded of it."""

    areas: Areas
    published: Published


class ListedModel(Published):
    """A version in the list."""

    model: str
    current: bool
    whole: bool
    state: str
    answer: Trained


class Models(Answer):
    """The published models, the newest first."""

    models: list[ListedModel]


class Section(Answer):
    """One section of a card."""

    title: str


class Card(Answer):
    """The card of a version, in one language."""

    model: str
    lang: str
    title: str
    sections: list[Section]


class Rows(Answer):
    """The rows behind a card's figures, and these figures reckoned from them."""

    model: str
    data_version: int
    as_of: str
    kept: bool
    by: str
    group: str
    per: str
    whole: bool
    groups: dict[str, list[str]]
    figures: dict[str, Any]
    count: int
    columns: list[str]
    rows: list[dict[str, Any]]


class HeldFigures(Answer):
    """How many predictions, how many could be observed, how many of these fell inside their 90 % range."""

    predictions: int
    observed: int
    inside: int
    coverage_90: float | None
    bias: float | None = Field(description="Mean of observed less predicted; of one kind only.")


class PromiseRow(Answer):
    """A prediction kept at the approval of a plan or matching, and what answered it."""

    kind: str
    mentor_id: str
    subject: str
    predicted: Range
    observed: float | None
    inside: bool | None
    model: str | None
    as_of: str
    answered_by: str | None


class Promises(Answer):
    """The kept predictions behind a card's record of past promises, and the figures they give."""

    model: str
    made: str
    kind: str
    data_version: int
    as_of: str
    figures: HeldFigures
    rows: list[PromiseRow]


class RolledBack(Answer):
    """Which version is in use now, and which was before."""

    model: str
    former: str
    used_at: str
    sha256: str
