"""What requests have in common however they come in: what was typed is read, and the row is written."""

import dataclasses

from db.models import Request
from facades.requests.refusals import CommentOutOfRange, ShowcaseNotUnderstood
from facades.requests.typed import clean
from facades.transaction import Transaction
from services.geometry_dash import Level
from services.youtube import parse_video_link
from util.identifiers import EventType

LONGEST_COMMENT = 400
LONGEST_SHOWCASE = 200


def read_showcase(typed: str | None) -> str | None:
    """Return a showcase's canonical address, None when there is none. Raises `ShowcaseNotUnderstood`."""
    link = clean(typed or "")
    if not link:
        return None
    found = parse_video_link(link) if len(link) <= LONGEST_SHOWCASE else None
    if found is None:
        raise ShowcaseNotUnderstood
    return found.url


def read_comment(typed: str | None) -> str | None:
    """Return a request's comment, None when there is none. Raises `CommentOutOfRange`."""
    comment = clean(typed or "")
    if len(comment) > LONGEST_COMMENT:
        raise CommentOutOfRange(LONGEST_COMMENT)
    return comment or None


async def store_request(
    tx: Transaction,
    level: Level,
    *,
    language: str,
    showcase: str | None,
    comment: str | None,
    author_id: int | None,
    creator_name: str | None = None,
    inserted_by: int | None = None,
) -> Request:
    """Add the row, record it and owe the reviewers' card.

    Raises SQLAlchemy's `IntegrityError` when the level has a pending request.
    """
    request = Request(
        guild_id=tx.guild_id,
        level_id=level.id,
        level_name=clean(level.name)[:255],
        level={key: clean(value) if type(value) is str else value for key, value in dataclasses.asdict(level).items()},
        language=language,
        showcase=showcase,
        comment=comment,
        author_id=author_id,
        creator_name=creator_name,
        inserted_by=inserted_by,
        created_at=tx.now,
    )  # pyright: ignore[reportCallIssue]
    tx.session.add(request)
    await tx.session.flush()
    behalf: dict[str, int | str | None] = {} if inserted_by is None else {"author_id": author_id, "creator_name": creator_name}
    tx.log(
        EventType.REQUEST_CREATED,
        author_id if inserted_by is None else inserted_by,
        request_id=request.id,
        level_id=level.id,
        level_name=request.level_name,
        language=language,
        **behalf,
    )
    tx.owe_cards(request.id)
    return request
