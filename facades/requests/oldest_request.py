"""The pending request that has waited longest, among those that somebody has judged or among those that nobody has."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from db.models import Request
from facades.requests.find_request import posted_card_url
from util.errors import NotFound
from util.identifiers import CardKind, RequestStatus
from util.texts import Text


@dataclass(frozen=True)
class WaitingRequest:
    """A request that somebody should take care of. Its author is a member or a name; `card`: the address of its card."""

    request_id: int
    level_id: int
    level_name: str
    author_id: int | None
    creator_name: str | None
    created_at: datetime
    card: str | None


class NothingWaits(NotFound):
    """There is no such request."""

    def __init__(self, key: Text) -> None:
        super().__init__(key)


def oldest_query(guild_id: int, *, judged: bool) -> SelectOfScalar[Request]:
    """Return the query, which reads one row of the index `ix_request_judged`."""
    return (
        select(Request)
        .where(
            col(Request.guild_id) == guild_id,
            col(Request.status) == RequestStatus.PENDING,
            col(Request.judged).is_(judged),
        )
        .order_by(col(Request.id))
        .limit(1)
    )


async def oldest_request(session: AsyncSession, guild_id: int, *, judged: bool, otherwise: Text) -> WaitingRequest:
    """Return the oldest pending request with or without an opinion. Raises `NothingWaits`, which says `otherwise`."""
    request = (await session.exec(oldest_query(guild_id, judged=judged))).first()
    if request is None:
        raise NothingWaits(otherwise)
    kind = CardKind.RESOLUTION if judged else CardKind.REVIEWER
    return WaitingRequest(
        request_id=request.id,
        level_id=request.level_id,
        level_name=request.level_name,
        author_id=request.author_id,
        creator_name=request.creator_name,
        created_at=request.created_at,
        card=await posted_card_url(session, guild_id, kind, request.id),
    )
