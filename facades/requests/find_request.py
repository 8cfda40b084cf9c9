"""Find a request of a guild, and where its cards stand."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import PostedCard, Request
from util.errors import NotFound
from util.identifiers import CardKind, RequestStatus
from util.phrases import message_url
from util.texts import Text


class RequestNotFound(NotFound):
    """There is no such request in this guild."""

    def __init__(self) -> None:
        super().__init__(Text.REQUEST_NOT_FOUND)


async def get_request(session: AsyncSession, guild_id: int, request_id: int, *, lock: bool = False) -> Request:
    """Return a request of a guild. Raises `RequestNotFound`.

    With `lock`, nobody else changes it until the transaction ends (SQLite has one writer anyway).
    """
    query = select(Request).where(col(Request.guild_id) == guild_id, col(Request.id) == request_id)
    found = (await session.exec(query.with_for_update() if lock else query)).first()
    if found is None:
        raise RequestNotFound
    return found


async def pending_request(session: AsyncSession, guild_id: int, level_id: int) -> Request | None:
    """Return the pending request for a level, if there is one."""
    query = select(Request).where(
        col(Request.guild_id) == guild_id,
        col(Request.level_id) == level_id,
        col(Request.status) == RequestStatus.PENDING,
    )
    return (await session.exec(query)).first()


async def card_url(session: AsyncSession, request: Request) -> str | None:
    """Return the address of the card that shows where a request stands: the reviewers' one, or its archive entry."""
    kind = CardKind.REVIEWER if request.status is RequestStatus.PENDING else CardKind.ARCHIVE
    return await posted_card_url(session, request.guild_id, kind, request.id)


async def posted_card_url(session: AsyncSession, guild_id: int, kind: CardKind, subject_id: int) -> str | None:
    """Return the address of a card, None when it does not stand."""
    query = select(PostedCard).where(
        col(PostedCard.guild_id) == guild_id,
        col(PostedCard.kind) == kind,
        col(PostedCard.subject_id) == subject_id,
    )
    card = (await session.exec(query)).first()
    if card is None or card.message_id is None:
        return None
    return message_url(card.guild_id, card.channel_id, card.message_id)
