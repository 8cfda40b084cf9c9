"""Find the cards of a level's newest request."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from db.models import Request
from facades.app import App
from facades.requests.find_request import card_url, posted_card_url
from facades.requests.request_rules import check_level_id
from util.actor import Actor
from util.errors import NotFound
from util.identifiers import CardKind, RequestStatus
from util.texts import Text


class LevelNeverRequested(NotFound):
    """Nobody has requested the level in this guild."""

    def __init__(self, level_id: int) -> None:
        super().__init__(Text.REQUEST_WIDGETS_NONE, level_id=level_id)


@dataclass(frozen=True)
class RequestCards:
    """A request and the addresses of its cards that stand now. `main`: the archive entry once it is resolved."""

    request_id: int
    level_id: int
    level_name: str
    created_at: datetime
    is_resolved: bool
    main: str | None
    resolution: str | None


async def find_request_cards(app: App, *, actor: Actor, level_id: int) -> RequestCards:
    """Return the cards of the newest request of a level; anybody may ask, the channels decide who sees them.

    Raises `WrongLevelId` or `LevelNeverRequested`.
    """
    check_level_id(level_id)
    query = (
        select(Request)
        .where(col(Request.guild_id) == actor.guild_id, col(Request.level_id) == level_id)
        .order_by(col(Request.id).desc())
        .limit(1)
    )
    async with app.reading() as session:
        request = (await session.exec(query)).first()
        if request is None:
            raise LevelNeverRequested(level_id)
        return RequestCards(
            request_id=request.id,
            level_id=level_id,
            level_name=request.level_name,
            created_at=request.created_at,
            is_resolved=request.status is RequestStatus.RESOLVED,
            main=await card_url(session, request),
            resolution=await posted_card_url(session, actor.guild_id, CardKind.RESOLUTION, request.id),
        )
