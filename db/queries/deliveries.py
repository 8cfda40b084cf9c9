"""Queries of what is owed to Discord, what was given up, and which cards are posted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CursorResult, bindparam, delete, exists, func, insert, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Delivery, FailedDelivery, Guild, PostedCard, table
from util.identifiers import CardKind, DeliveryKind


@dataclass(frozen=True)
class StreamHead:
    """The first item of a stream: it decides when the stream goes on."""

    guild_id: int
    stream: str
    due_at: datetime


# Asked for each delivery: put together once.
_row = table(Delivery).c
_HEADS: Final = (
    select(_row.guild_id, _row.stream, _row.due_at)
    .where(_row.id.in_(select(func.min(_row.id)).group_by(_row.guild_id, _row.stream)))
    .order_by(_row.due_at, _row.id)
)
_OF_STREAM: Final = (
    select(Delivery)
    .where(col(Delivery.guild_id) == bindparam("guild_id"), col(Delivery.stream) == bindparam("stream"))
    .order_by(col(Delivery.id))
    .limit(bindparam("most"))
)
_HAS_ITEMS: Final = select(exists().where(_row.guild_id == bindparam("guild_id"), _row.stream == bindparam("stream")))
_REMOVAL: Final = delete(table(Delivery)).where(
    _row.guild_id == bindparam("guild_id"), _row.id.in_(bindparam("ids", expanding=True))
)
_ITEM: Final = select(Delivery).where(col(Delivery.guild_id) == bindparam("guild_id"), col(Delivery.id) == bindparam("id"))
_CARDS: Final = select(PostedCard).where(
    col(PostedCard.guild_id) == bindparam("guild_id"),
    col(PostedCard.subject_id) == bindparam("subject_id"),
    col(PostedCard.kind).in_(bindparam("kinds", expanding=True)),
)
_card = table(PostedCard).c
_ANNOUNCEMENT: Final = insert(table(PostedCard)).returning(_card.id)
_PLACE: Final = (
    update(table(PostedCard))
    .where(_card.guild_id == bindparam("of_guild"), _card.id == bindparam("of_card"))
    .values(message_id=bindparam("place"))
)
_PAYLOAD: Final = (
    update(table(Delivery))
    .where(_row.guild_id == bindparam("of_guild"), _row.id == bindparam("of_item"))
    .values(payload=bindparam("contents"))
)


async def stream_heads(session: AsyncSession) -> Sequence[StreamHead]:
    """Return the first item of every stream of all guilds, those due longest first."""
    connection = await session.connection()
    return [StreamHead(*row) for row in (await connection.execute(_HEADS)).all()]


async def head_items(session: AsyncSession, guild_id: int, stream: str, most: int) -> Sequence[Delivery]:
    """Return the items at the head of a stream that are of the first one's kind, with nothing else in between."""
    rows = (await session.exec(_OF_STREAM, params={"guild_id": guild_id, "stream": stream, "most": most})).all()
    length = next((place for place, row in enumerate(rows) if row.kind is not rows[0].kind), len(rows))
    return rows[:length]


async def has_items(session: AsyncSession, guild_id: int, stream: str) -> bool:
    """Tell whether a stream has anything."""
    connection = await session.connection()
    return bool((await connection.execute(_HAS_ITEMS, {"guild_id": guild_id, "stream": stream})).scalar())


async def has_later(session: AsyncSession, guild_id: int, stream: str, kind: DeliveryKind, after_id: int) -> bool:
    """Tell whether a stream has an item of a kind behind another item."""
    query = select(Delivery.id).where(
        col(Delivery.guild_id) == guild_id,
        col(Delivery.stream) == stream,
        col(Delivery.kind) == kind,
        col(Delivery.id) > after_id,
    )
    return (await session.exec(query.limit(1))).first() is not None


async def find_delivery(session: AsyncSession, guild_id: int, delivery_id: int) -> Delivery | None:
    """Return an owed item."""
    return (await session.exec(_ITEM, params={"guild_id": guild_id, "id": delivery_id})).one_or_none()


async def update_payload(session: AsyncSession, guild_id: int, delivery_id: int, payload: Mapping[str, Any]) -> None:
    """Write what an owed item holds; one that is not owed any more stays away."""
    connection = await session.connection()
    await connection.execute(_PAYLOAD, {"of_guild": guild_id, "of_item": delivery_id, "contents": payload})


async def remove_deliveries(session: AsyncSession, guild_id: int, ids: Collection[int]) -> None:
    """Take items out of the table."""
    await session.flush()
    connection = await session.connection()
    await connection.execute(_REMOVAL, {"guild_id": guild_id, "ids": list(ids)})


async def count_backlog(session: AsyncSession) -> tuple[int, datetime | None]:
    """Return how many items of all guilds are owed and since when the oldest is."""
    count, oldest = (await session.exec(select(func.count(), func.min(Delivery.created_at)))).one()
    return count, oldest


async def backlog_by_guild(session: AsyncSession) -> dict[int, int]:
    """Return how many items are owed, by guild."""
    query = select(Delivery.guild_id, func.count()).group_by(col(Delivery.guild_id))
    return dict((await session.exec(query)).all())


async def due_since_by_guild(session: AsyncSession, now: datetime) -> dict[int, datetime]:
    """Return since when the longest due head of a stream has been due, by guild; a guild without one is left out."""
    first = select(func.min(Delivery.id)).group_by(col(Delivery.guild_id), col(Delivery.stream))
    query = (
        select(Delivery.guild_id, func.min(Delivery.due_at))
        .where(col(Delivery.id).in_(first), col(Delivery.due_at) <= now)
        .group_by(col(Delivery.guild_id))
    )
    return dict((await session.exec(query)).all())


async def remove_failures_before(session: AsyncSession, moment: datetime) -> int:
    """Delete the failed deliveries of all guilds from before a moment and return their number."""
    result = await session.exec(delete(FailedDelivery).where(col(FailedDelivery.failed_at) < moment))
    assert isinstance(result, CursorResult)
    return result.rowcount


async def failed_cards(session: AsyncSession) -> Sequence[FailedDelivery]:
    """Return the runs of cards that were given up in guilds where the bot still is, oldest first."""
    query = (
        select(FailedDelivery)
        .join(Guild, col(Guild.guild_id) == FailedDelivery.guild_id)
        .where(
            col(FailedDelivery.kind).in_((DeliveryKind.REQUEST_CARDS, DeliveryKind.TRAINEE_CARD)), col(Guild.left_at).is_(None)
        )
        .order_by(col(FailedDelivery.id))
    )
    return (await session.exec(query)).all()


async def remove_failures(session: AsyncSession, guild_id: int, ids: Collection[int]) -> int:
    """Delete some failed deliveries of a guild and return how many were still there."""
    statement = delete(FailedDelivery).where(col(FailedDelivery.guild_id) == guild_id, col(FailedDelivery.id).in_(ids))
    result = await session.exec(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


async def posted_cards(
    session: AsyncSession, guild_id: int, subject_id: int, kinds: Collection[CardKind]
) -> dict[CardKind, PostedCard]:
    """Return the posted cards of some kinds about one subject."""
    found = await session.exec(_CARDS, params={"guild_id": guild_id, "subject_id": subject_id, "kinds": list(kinds)})
    return {card.kind: card for card in found}


async def announce_card(
    session: AsyncSession, guild_id: int, kind: CardKind, subject_id: int, channel_id: int, nonce: str, attempted_at: datetime
) -> PostedCard:
    """Write down that a card is about to be posted."""
    values: dict[str, Any] = {"guild_id": guild_id, "kind": kind, "subject_id": subject_id, "channel_id": channel_id}
    values |= {"message_id": None, "nonce": nonce, "attempted_at": attempted_at}
    connection = await session.connection()
    number = (await connection.execute(_ANNOUNCEMENT, values)).scalar_one()
    return PostedCard(id=number, **values)


async def place_card(session: AsyncSession, guild_id: int, card_id: int, message_id: int) -> None:
    """Write down where a card stands."""
    connection = await session.connection()
    await connection.execute(_PLACE, {"of_guild": guild_id, "of_card": card_id, "place": message_id})


async def remove_posted_card(session: AsyncSession, guild_id: int, card_id: int) -> None:
    """Forget a posted card."""
    await session.exec(delete(PostedCard).where(col(PostedCard.guild_id) == guild_id, col(PostedCard.id) == card_id))
