"""Rows with everything that the schema asks for, to be varied by tests."""

from datetime import UTC, datetime
from typing import Any

from db.models import Opinion, Request, Review
from util.identifiers import Stage, Verdict

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
GUILD = 1_100_000_000_000_000_001
AUTHOR = 1_200_000_000_000_000_002


def a_request(**changes: Any) -> Request:
    """Make a pending request."""
    values: dict[str, Any] = {
        "guild_id": GUILD,
        "level_id": 128,
        "level_name": "1st level",
        "level": {"stars": 0},
        "language": "en",
        "author_id": AUTHOR,
        "created_at": NOW,
    }
    return Request(**values | changes)


def an_opinion(request_id: int, **changes: Any) -> Opinion:
    """Make an approving opinion of a reviewer."""
    values: dict[str, Any] = {
        "guild_id": GUILD,
        "request_id": request_id,
        "author_id": AUTHOR,
        "stage": Stage.REVIEWER,
        "verdict": Verdict.APPROVE,
        "created_at": NOW,
    }
    return Opinion(**values | changes)


def a_review(request_id: int | None, opinion_id: int | None, **changes: Any) -> Review:
    """Make a review of a reviewer."""
    values: dict[str, Any] = {
        "guild_id": GUILD,
        "request_id": request_id,
        "opinion_id": opinion_id,
        "level_id": 128,
        "author_id": AUTHOR,
        "stage": Stage.REVIEWER,
        "verdict": Verdict.APPROVE,
        "language": "en",
        "text": "A fine level with a fine decoration and a fair difficulty.",
        "created_at": NOW,
    }
    return Review(**values | changes)
