"""Queries about snapshots: the newest one, what is still to be sent, and how many rows there are now."""

from collections.abc import Iterable

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Delivery, Event, metadata
from util.identifiers import DeliveryKind, EventType

NO_GUILD = 0
"""The guild of what concerns all guilds."""
FAR_ENOUGH = 100
"""Snapshots by hand that may have been made since the last daily one."""


async def newest_saved(session: AsyncSession, *, scheduled: bool | None = None) -> Event | None:
    """Return the event of the newest snapshot of everything; `scheduled`: only of those made daily, or by hand."""
    query = select(Event).where(col(Event.guild_id) == NO_GUILD, col(Event.type) == EventType.SNAPSHOT_SAVED)
    newest = await session.exec(query.order_by(col(Event.id).desc()).limit(FAR_ENOUGH))
    return next((event for event in newest.all() if scheduled in (None, event.fields.get("scheduled"))), None)


async def owed_files(session: AsyncSession) -> frozenset[str]:
    """Return the names of files that are still to be sent."""
    owed = (await session.exec(select(Delivery).where(col(Delivery.kind) == DeliveryKind.FILE))).all()
    return frozenset(item.payload["file"] for item in owed if item.payload.get("file"))


async def count_rows(session: AsyncSession, tables: Iterable[str], guild_id: int | None) -> dict[str, int]:
    """Return how many rows the named tables have now, of one guild or (None) of all."""
    counts: dict[str, int] = {}
    for name in tables:
        known = metadata.tables.get(name)
        if known is None:
            continue
        query = select(func.count()).select_from(known)
        if guild_id is not None:
            query = query.where(known.c.guild_id == guild_id)
        counts[name] = (await session.exec(query)).one()
    return counts
