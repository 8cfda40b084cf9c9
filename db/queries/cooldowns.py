"""Queries of cooldowns: the one of a user or a level, and those of a guild page by page."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.keyset import keyset_page
from db.models import Cooldown
from util.identifiers import CooldownKind
from util.paging import Cursor, Page

_MOST_DIGITS = 19


async def get_cooldown(
    session: AsyncSession, guild_id: int, kind: CooldownKind, entity_id: int, *, lock: bool = False
) -> Cooldown | None:
    """Return what is stored for a user or a level, over or not. With `lock`, nobody else changes it before the end."""
    query = select(Cooldown).where(
        col(Cooldown.guild_id) == guild_id, col(Cooldown.kind) == kind, col(Cooldown.entity_id) == entity_id
    )
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def cooldown_page(
    session: AsyncSession, guild_id: int, kind: CooldownKind, now: datetime, cursor: Cursor, *, endless: bool, size: int
) -> Page[Cooldown]:
    """Return cooldowns that hold now: the endless ones by id, or the others, the soonest to end first. Raises `BadKey`."""
    query = select(Cooldown).where(col(Cooldown.guild_id) == guild_id, col(Cooldown.kind) == kind)
    if endless:
        return await keyset_page(session, query.where(col(Cooldown.ends_at).is_(None)), [Cooldown.entity_id], cursor, size=size)
    query = query.where(col(Cooldown.ends_at) > now)
    return await keyset_page(session, query, [Cooldown.ends_at, Cooldown.entity_id], cursor, size=size)


async def soonest_ids(session: AsyncSession, guild_id: int, kind: CooldownKind, now: datetime, *, most: int) -> list[int]:
    """Return what is held back now: the soonest to be free, then those for ever, at most `most` of each."""
    found: list[int] = []
    for condition in (col(Cooldown.ends_at) > now, col(Cooldown.ends_at).is_(None)):
        query = (
            select(Cooldown.entity_id)
            .where(col(Cooldown.guild_id) == guild_id, col(Cooldown.kind) == kind, condition)
            .order_by(col(Cooldown.ends_at), col(Cooldown.entity_id))
            .limit(most)
        )
        found += (await session.exec(query)).all()
    return found


async def ids_beginning_with(
    session: AsyncSession, guild_id: int, kind: CooldownKind, digits: str, now: datetime, *, longest: int, most: int
) -> list[int]:
    """Return what is held back now whose number, of at most `longest` digits, begins with some digits: ranges of the key."""
    found: list[int] = []
    for more in range(max(0, min(longest, _MOST_DIGITS) - len(digits)) + 1):
        least, size = int(digits) * 10**more, 10**more
        query = (
            select(Cooldown.entity_id)
            .where(
                col(Cooldown.guild_id) == guild_id,
                col(Cooldown.kind) == kind,
                col(Cooldown.entity_id) >= least,
                col(Cooldown.entity_id) < least + size,
                or_(col(Cooldown.ends_at).is_(None), col(Cooldown.ends_at) > now),
            )
            .order_by(col(Cooldown.entity_id))
            .limit(most - len(found))
        )
        found += (await session.exec(query)).all()
        if len(found) >= most:
            break
    return found


async def remove_lapsed_before(session: AsyncSession, moment: datetime) -> None:
    """Delete cooldowns of all guilds that were over before a moment."""
    await session.exec(delete(Cooldown).where(col(Cooldown.ends_at) < moment))
