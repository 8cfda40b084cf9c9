"""A request with everything that its cards show, as plain frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from util.datatypes import MessageRef
from util.identifiers import RequestStatus, Verdict


@dataclass(frozen=True)
class OpinionView:
    """One opinion or resolution. `review` is where its review stands, when it has one and it was posted."""

    author_id: int
    verdict: Verdict
    reason: str | None
    has_review: bool
    review: MessageRef | None
    created_at: datetime


@dataclass(frozen=True)
class RequestView:
    """A request as its cards show it. `level` has the fields of the game wrapper's `Level`, as JSON values."""

    id: int
    guild_id: int
    level_id: int
    level_name: str
    level: dict[str, Any]
    language: str
    showcase: str | None
    comment: str | None
    author_id: int | None
    creator_name: str | None
    status: RequestStatus
    created_at: datetime
    resolved_at: datetime | None
    inserted_by: int | None = None
    opinions: tuple[OpinionView, ...] = field(default=())
    resolutions: tuple[OpinionView, ...] = field(default=())


@dataclass(frozen=True)
class TraineeReviewView:
    """A trainee's review as its card shows it. `approved` None: not assessed yet."""

    id: int
    guild_id: int
    request_id: int | None
    level_id: int
    level_name: str
    language: str
    author_id: int
    verdict: Verdict
    reason: str | None
    text: str
    created_at: datetime
    approved: bool | None = None
    curator_id: int | None = None
    feedback: str | None = None
