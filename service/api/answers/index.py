"""The index and where mentors stand, as answered."""

from service.api.answers.common import Answer, Areas


class ItemFigures(Answer):
    """One item of the index."""

    item_id: str
    yes: int
    popularity: float | None
    popularity_low: float | None
    popularity_high: float | None
    h: float | None
    h_se: float | None
    difficulty: float | None
    difficulty_se: float | None


class IndexGroup(Answer):
    """The index of one group with its companions; what is undefined is null."""

    group: str
    respondents: int
    items: int
    errors: int
    kr: float | None
    ks: float | None
    x: float | None
    ks_tie_low: float | None
    ks_tie_high: float | None
    band: str | None
    verdict: str | None
    reason: str | None
    warnings: list[str]
    caveat: str
    mmr: float | None
    cs: float | None
    h: float | None
    h_se: float | None
    kr20: float | None
    delivery_rate: float | None
    delivery_low: float | None
    delivery_high: float | None
    item_figures: list[ItemFigures]


class Index(Answer):
    """The index by group, never ranked."""

    groups: list[IndexGroup]
    data_version: int
    as_of: str


class OwnIndex(Answer):
    """The index about one mentor, with its warnings and caveat."""

    respondents: int
    ks: float | None
    band: str | None
    verdict: str | None
    reason: str | None
    warnings: list[str]
    caveat: str | None = None


class Unusual(Answer):
    """A value beyond what the model has learned from."""

    feature: str
    said: str


class MentorScore(Answer):
    """Where one mentor stands."""

    mentor_id: str
    name: str
    scores: dict[str, float]
    index: OwnIndex | None
    delivery_rate: float | None
    delivery_low: float | None
    delivery_high: float | None
    expected_growth: float | None
    low: float | None
    high: float | None
    active: int
    reasons: list[str]
    unusual: list[Unusual]


class Scores(Answer):
    """Where mentors stand, in the order of their table."""

    mentors: list[MentorScore]
    model: str | None
    areas: Areas
    unit: str | None
    hindsight: str | None
    data_version: int
    as_of: str


class Contribution(Answer):
    """What one feature adds to a figure, its own value beside the reference."""

    feature: str
    label: str
    value: float | str | None
    reference: float | str | None
    contribution: float


class Explanation(Answer):
    """The reasons behind a figure: base + contributions = value."""

    base: float
    value: float
    against: str | None
    contributions: list[Contribution]
    unusual: list[Unusual]
    model: str
    low: float | None = None
    high: float | None = None
    observed: float | None = None
    inside: bool | None = None
    outcome_note: str | None = None


class Prediction(Answer):
    """What to expect of one engagement: base + contributions = expected_growth."""

    expected_growth: float
    low: float
    high: float
    base: float
    contributions: list[Contribution]
    unusual: list[Unusual]
    model: str
    reasons: list[str]
