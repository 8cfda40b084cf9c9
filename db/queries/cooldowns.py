"""Queries of cooldowns: the one of a user or a level, and those of a guild page by page."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.keyset import decode_key, keyset_page
from db.models import Cooldown
from util.identifiers import CooldownKind
from util.paging import Cursor, Page, Where

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
    columns: list[Any] = [Cooldown.entity_id] if endless else [Cooldown.ends_at, Cooldown.entity_id]
    place = cursor if endless else _not_in_the_past(cursor, now)
    held = query.where(col(Cooldown.ends_at).is_(None)) if endless else query.where(*_bounds(place, now))
    page = await keyset_page(session, held, columns, place, size=size)
    if page.rows or cursor.where not in {Where.BEFORE, Where.AFTER}:
        return page
    # What was there when the button was drawn is over or lifted: the end of the list on that side is what is left.
    end = Cursor(Where.FIRST if cursor.where is Where.BEFORE else Where.LAST)
    held = query.where(col(Cooldown.ends_at).is_(None)) if endless else query.where(*_bounds(end, now))
    return await keyset_page(session, held, columns, end, size=size)


def _not_in_the_past(cursor: Cursor, now: datetime) -> Cursor:
    """Return the beginning of the list instead of a place that has lapsed since."""
    if cursor.where in {Where.AFTER, Where.AT} and _moment_of(cursor) <= now:
        return Cursor(Where.FIRST)
    return cursor


def _bounds(cursor: Cursor, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions on the ends: one bound on each side at most, or SQLite takes the wrong one and walks the rest."""
    if cursor.where in {Where.AFTER, Where.AT}:
        return []
    bounds = [col(Cooldown.ends_at) > now]
    if cursor.where is Where.BEFORE:
        bounds.append(col(Cooldown.ends_at) <= _moment_of(cursor))
    return bounds


def _moment_of(cursor: Cursor) -> datetime:
    moment = decode_key(cursor.key, (datetime, int))[0]
    assert isinstance(moment, datetime)
    return moment


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
