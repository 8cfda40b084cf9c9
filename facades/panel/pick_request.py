"""Pick the request that a streamer looks at next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Opinion, Request
from db.queries.deliveries import posted_cards
from facades.app import App
from facades.requests.draw_request import draw_request
from facades.requests.find_request import get_request
from util.actor import Actor
from util.datatypes import MessageRef
from util.identifiers import CardKind, Flag, RequestStatus, Stage


@dataclass(frozen=True)
class PickedRequest:
    """A pending request with where its cards stand. Its author is a member or a name."""

    id: int
    level_id: int
    language: str
    level_name: str
    showcase: str | None
    comment: str | None
    author_id: int | None
    creator_name: str | None
    reviewer_card: MessageRef | None
    resolution_card: MessageRef | None
    created_at: datetime


async def pick_random_request(app: App, *, actor: Actor) -> PickedRequest | None:
    """Return any pending request that the streamer has not judged, None when there is none. Raises `Forbidden`."""
    actor.require(Flag.REVIEWER)
    async with app.reading() as session:
        number = await draw_request(session, _pending(actor), (_not_judged(actor),))
        return None if number is None else await _picked(session, actor.guild_id, number)


async def pick_oldest_request(app: App, *, actor: Actor) -> PickedRequest | None:
    """Return the pending request that has waited longest of those that the streamer has not judged. Raises `Forbidden`."""
    actor.require(Flag.REVIEWER)
    query = select(Request.id).where(*_pending(actor), _not_judged(actor)).order_by(col(Request.id)).limit(1)
    async with app.reading() as session:
        number = (await session.exec(query)).first()
        return None if number is None else await _picked(session, actor.guild_id, number)


def _pending(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return col(Request.guild_id) == actor.guild_id, col(Request.status) == RequestStatus.PENDING


def _not_judged(actor: Actor) -> ColumnElement[bool]:
    """Leave out what the streamer has put off (or judged on Discord): it would come again and again."""
    judged = select(Opinion.id).where(
        col(Opinion.guild_id) == actor.guild_id,
        col(Opinion.request_id) == Request.id,
        col(Opinion.author_id) == actor.user_id,
        col(Opinion.stage) == Stage.REVIEWER,
    )
    return ~judged.exists()


async def _picked(session: AsyncSession, guild_id: int, number: int) -> PickedRequest:
    request = await get_request(session, guild_id, number)
    cards = await posted_cards(session, guild_id, number, (CardKind.REVIEWER, CardKind.RESOLUTION))
    places = {kind: MessageRef(card.channel_id, card.message_id) for kind, card in cards.items() if card.message_id is not None}
    return PickedRequest(
        id=request.id,
        level_id=request.level_id,
        language=request.language,
        level_name=request.level_name,
        showcase=request.showcase,
        comment=request.comment,
        author_id=request.author_id,
        creator_name=request.creator_name,
        reviewer_card=places.get(CardKind.REVIEWER),
        resolution_card=places.get(CardKind.RESOLUTION),
        created_at=request.created_at,
    )
