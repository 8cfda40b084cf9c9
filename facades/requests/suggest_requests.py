"""Suggest levels and requests while somebody types their numbers."""

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Request
from facades.app import App
from util.actor import Actor
from util.identifiers import Flag, RequestStatus

NEWEST = 300
"""Among so many pending requests a part of a name is looked for: no index can find that."""
_MOST_DIGITS = 18
_COLUMNS = select(Request.id, Request.level_id, Request.level_name)


@dataclass(frozen=True)
class SuggestedRequest:
    """A request that may be meant."""

    request_id: int
    level_id: int
    level_name: str


async def suggest_pending(app: App, *, actor: Actor) -> list[SuggestedRequest]:
    """Return the newest pending requests, whose levels anybody may know."""
    async with app.reading() as session:
        return await _newest_pending(session, actor.guild_id)


async def suggest_requests(app: App, *, actor: Actor, typed: str) -> list[SuggestedRequest]:
    """Return the request whose number was typed, resolved or not, and the newest pending ones. Raises `Forbidden`."""
    actor.require(Flag.ADMIN)
    number = typed.strip()
    async with app.reading() as session:
        found = await _newest_pending(session, actor.guild_id)
        if number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS:
            query = _COLUMNS.where(col(Request.guild_id) == actor.guild_id, col(Request.id) == int(number))
            found += [SuggestedRequest(*row) for row in (await session.exec(query)).all()]
    return list(dict.fromkeys(found))


async def _newest_pending(session: AsyncSession, guild_id: int) -> list[SuggestedRequest]:
    query = (
        _COLUMNS.where(col(Request.guild_id) == guild_id, col(Request.status) == RequestStatus.PENDING)
        .order_by(col(Request.id).desc())
        .limit(NEWEST)
    )
    return [SuggestedRequest(*row) for row in (await session.exec(query)).all()]
