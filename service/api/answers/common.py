"""Parts that many answers share, problems, health."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(extra="allow", defer_build=True)


class Range(Answer):
    """A figure with its 90 % range."""

    mean: float
    low: float
    high: float


class Reason(Answer):
    """What is wrong, where it stands, how to mend it."""

    what: str
    where: str
    mend: str


class Fault(Answer):
    """One fault of a request."""

    at: str = Field(description="Field it stands in.")
    message: str


class Problem(Answer):
    """Problem details (RFC 9457), with the commands' own form of a refusal under ``error``."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    error: Reason
    faults: list[Fault] = []


class Health(Answer):
    """Whether the store answers, and with the model that was published."""

    status: Literal["ok", "degraded"] = Field(description="degraded: the published model is damaged.")
    data_version: int
    banner: str | None = Field(description="What answers instead of a damaged model.")


class Area(Answer):
    """An area of competency: label and standard score."""

    label: str
    standard: float


Areas = dict[str, Area]


class LeftOut(Answer):
    """Rows left out, and why."""

    reason: str
    count: int
