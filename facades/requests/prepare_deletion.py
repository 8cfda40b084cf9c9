"""Show what a request's deletion would take away, before it is confirmed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from db.models import Opinion, Request
from facades.app import App
from facades.requests.find_request import card_url, get_request
from util.actor import Actor
from util.identifiers import Flag


@dataclass(frozen=True)
class DoomedRequest:
    """A request that could be deleted. `card`: the address of its card, where it has one."""

    request_id: int
    level_id: int
    level_name: str
    author_id: int | None
    creator_name: str | None
    created_at: datetime
    opinions: int
    card: str | None


async def prepare_deletion(app: App, *, actor: Actor, request_id: int) -> DoomedRequest:
    """Run the checks of a deletion. Raises `Forbidden` or `RequestNotFound`."""
    actor.require(Flag.ADMIN)
    async with app.reading() as session:
        request = await get_request(session, actor.guild_id, request_id)
        query = (
            select(func.count())
            .select_from(Opinion)
            .where(col(Opinion.guild_id) == actor.guild_id, col(Opinion.request_id) == request_id)
        )
        opinions = (await session.exec(query)).one()
        card = await card_url(session, request)
    return _doomed(request, opinions, card)


def _doomed(request: Request, opinions: int, card: str | None) -> DoomedRequest:
    return DoomedRequest(
        request_id=request.id,
        level_id=request.level_id,
        level_name=request.level_name,
        author_id=request.author_id,
        creator_name=request.creator_name,
        created_at=request.created_at,
        opinions=opinions,
        card=card,
    )
