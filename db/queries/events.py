"""Read the event log page by page, whatever is asked of the events, by indexes alone.

Each restriction is a list of event numbers that an index gives in order: of a type, of an actor, of a field's value. A page
walks along the list that is sparsest where it stands and looks up the others for each of its events, in windows that grow. So
neither the size of the log nor the depth of a page matters. Where restrictions that are all common hardly ever meet, a page
ends after `MOST_EXAMINED` events and says how far it has looked; the next one goes on from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal, union_all
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.keyset import BadKey
from db.models import Event, EventField
from util.canonical import canonical, indexed
from util.identifiers import EventType
from util.paging import Cursor, Page, Where

FIRST_WINDOW: Final = 64
WIDEST_WINDOW: Final = 1024
MOST_EXAMINED: Final = 8192
CLOSE_IN_TIME: Final = 50
_HIGHEST: Final = 2**63 - 1


@dataclass(frozen=True)
class Wanted:
    """What events must have, all of it. No types: any. `actor_id` is compared when `of_actor`; None is the bot itself."""

    guild_id: int
    types: tuple[EventType, ...] = ()
    of_actor: bool = False
    actor_id: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def is_met(self, event: Event) -> bool:
        """Tell whether an event's fields are exactly those; the index holds only the beginning of a long value."""
        return all(
            name in event.fields and canonical(event.fields[name]) == canonical(value) for name, value in self.fields.items()
        )


@dataclass(frozen=True)
class FoundEvents:
    """A page of events. `searched_to`: set when the page ended early, the time of the event up to which it has looked."""

    page: Page[Event]
    searched_to: datetime | None = None


@dataclass(frozen=True)
class _List:
    """Events by one index: the columns of their numbers and what is compared. Several conditions: several runs of the index."""

    number: Any
    runs: tuple[tuple[ColumnElement[bool], ...], ...]


@dataclass
class _Walk:
    """Where a walk has come to. `position`: the last number that was looked at; `is_over`: there are no more events."""

    position: int
    found: list[Event] = field(default_factory=list[Event])
    is_over: bool = False


async def find_events(session: AsyncSession, wanted: Wanted, cursor: Cursor, *, size: int) -> FoundEvents:
    """Return a page of events, oldest first; keys are event numbers. Raises `BadKey`."""
    down = cursor.where in {Where.BEFORE, Where.LAST}
    start = _start(cursor)
    walk = await _walk(session, wanted, start, most=size + 1, down=down)
    more = len(walk.found) > size or not walk.is_over
    rows = walk.found[:size]
    behind = cursor.where in {Where.BEFORE, Where.AFTER}
    if cursor.where is Where.AT:
        before = await _walk(session, wanted, start + 1, most=1, down=True)
        behind = bool(before.found) or not before.is_over
    # Beyond an early end nothing was looked at; a whole page ends with its last event.
    ended_early = len(walk.found) <= size and not walk.is_over
    near = rows[0].id if rows else max(0, start + (-1 if down else 1))
    far = walk.position if ended_early or not rows else rows[-1].id
    first, last = (far, near) if down else (near, far)
    page = Page(
        tuple(reversed(rows) if down else rows),
        first_key=str(first),
        last_key=str(last),
        has_before=more if down else behind,
        has_after=behind if down else more,
    )
    return FoundEvents(page, await _time_of(session, wanted.guild_id, walk.position) if ended_early else None)


async def first_number_since(session: AsyncSession, guild_id: int, moment: datetime) -> int:
    """Return the number of a guild's first event at or after a moment; with none, the number after its last.

    Events that are written at the same time may get their numbers in another order than their times.
    """
    since = (
        select(Event.id)
        .where(col(Event.guild_id) == guild_id, col(Event.at) >= moment)
        .order_by(col(Event.at))
        .limit(CLOSE_IN_TIME)
        .subquery()
    )
    found = (await session.exec(select(func.min(since.c.id)))).one()
    if found is not None:
        return found
    last = select(Event.id).where(col(Event.guild_id) == guild_id).order_by(col(Event.id).desc()).limit(1)
    return ((await session.exec(last)).first() or 0) + 1


async def recent_events(session: AsyncSession, guild_id: int, event_type: EventType, *, most: int) -> Sequence[Event]:
    """Return the newest events of a type, newest first."""
    query = (
        select(Event)
        .where(col(Event.guild_id) == guild_id, col(Event.type) == event_type)
        .order_by(col(Event.id).desc())
        .limit(most)
    )
    return (await session.exec(query)).all()


def _start(cursor: Cursor) -> int:
    """Return the number behind which the page begins."""
    match cursor.where:
        case Where.FIRST:
            return 0
        case Where.LAST:
            return _HIGHEST
        case _:
            if not cursor.key.isascii() or not cursor.key.isdigit() or not 0 <= int(cursor.key[:20]) < _HIGHEST:
                raise BadKey(cursor.key)
            return int(cursor.key) - (cursor.where is Where.AT)


async def _walk(session: AsyncSession, wanted: Wanted, start: int, *, most: int, down: bool) -> _Walk:
    """Collect up to `most` events behind a number, in the order of the direction."""
    lists = _lists(wanted)
    walk = _Walk(start)
    if len(lists) == 1 and len(lists[0].runs) == 1 and not wanted.fields:
        # Whatever the index gives is wanted: no need to look at numbers first.
        walk.found = list(await _next(session, lists[0], start, most, down=down))
        walk.is_over = len(walk.found) < most
        walk.position = walk.found[-1].id if walk.found else start
        return walk
    window = most if len(lists) == 1 else FIRST_WINDOW
    examined = 0
    while len(walk.found) < most and not walk.is_over and examined < MOST_EXAMINED:
        numbers = await _sparsest(session, lists, walk.position, window, down=down)
        examined += len(numbers)
        room = most - len(walk.found)
        rows = await _matching(session, wanted, numbers, down=down, limit=room)
        walk.found += [event for event in rows if wanted.is_met(event)]
        if len(rows) == room:
            walk.position = rows[-1].id
        else:
            walk.is_over = len(numbers) < window
            walk.position = numbers[-1] if numbers else walk.position
        window = min(max(window * 2, FIRST_WINDOW), WIDEST_WINDOW)
    return walk


def _lists(wanted: Wanted) -> list[_List]:
    guild = col(Event.guild_id) == wanted.guild_id
    lists: list[_List] = []
    if wanted.types:
        lists.append(_List(col(Event.id), tuple((guild, col(Event.type) == event_type) for event_type in wanted.types)))
    if wanted.of_actor:
        lists.append(_List(col(Event.id), ((guild, col(Event.actor_id) == wanted.actor_id),)))
    for name, value in wanted.fields.items():
        same = (
            col(EventField.guild_id) == wanted.guild_id,
            col(EventField.key) == name,
            col(EventField.value) == indexed(value),
        )
        lists.append(_List(col(EventField.event_id), (same,)))
    return lists or [_List(col(Event.id), ((guild,),))]


async def _sparsest(session: AsyncSession, lists: Sequence[_List], position: int, window: int, *, down: bool) -> list[int]:
    """Return the next numbers of the list that reaches farthest with so many, or of one that ends before."""
    best: list[int] = []
    for number, one in enumerate(lists):
        found = await _numbers(session, one, position, window, down=down)
        if len(found) < window:
            return found
        if number == 0 or (found[-1] < best[-1] if down else found[-1] > best[-1]):
            best = found
    return best


async def _numbers(session: AsyncSession, one: _List, position: int, limit: int, *, down: bool) -> list[int]:
    """Return the next numbers of a list."""

    def run(conditions: tuple[ColumnElement[bool], ...]) -> Any:
        behind = one.number < position if down else one.number > position
        order = one.number.desc() if down else one.number.asc()
        return select(one.number.label("number")).where(*conditions, behind).order_by(order).limit(limit)

    query = run(one.runs[0])
    if len(one.runs) > 1:
        # Each run by itself comes in order and is cut; one condition over all of them would be read and sorted as a whole.
        parts = union_all(*(select(run(conditions).subquery().c.number) for conditions in one.runs)).subquery()
        order = parts.c.number.desc() if down else parts.c.number.asc()
        query = select(parts.c.number).order_by(order).limit(limit)
    found: Sequence[int] = (await session.exec(query)).all()
    return list(found)


async def _next(session: AsyncSession, one: _List, position: int, limit: int, *, down: bool) -> Sequence[Event]:
    """Return the next events of a list that is a run of one index of events."""
    behind, order = (one.number < position, one.number.desc()) if down else (one.number > position, one.number.asc())
    return (await session.exec(select(Event).where(*one.runs[0], behind).order_by(order).limit(limit))).all()


async def _matching(session: AsyncSession, wanted: Wanted, numbers: Sequence[int], *, down: bool, limit: int) -> Sequence[Event]:
    """Return those of some events that meet everything, as far as the index knows."""
    if not numbers:
        return []
    query = select(Event).where(col(Event.guild_id) == wanted.guild_id, col(Event.id).in_(numbers))
    if wanted.types:
        query = query.where(col(Event.type).in_(wanted.types))
    if wanted.of_actor:
        query = query.where(col(Event.actor_id) == wanted.actor_id)
    for name, value in wanted.fields.items():
        same = exists(literal(1)).where(
            col(EventField.event_id) == col(Event.id),
            col(EventField.guild_id) == wanted.guild_id,
            col(EventField.key) == name,
            col(EventField.value) == indexed(value),
        )
        query = query.where(same)
    order = col(Event.id).desc() if down else col(Event.id).asc()
    return (await session.exec(query.order_by(order).limit(limit))).all()


async def _time_of(session: AsyncSession, guild_id: int, number: int) -> datetime | None:
    query = select(Event.at).where(col(Event.guild_id) == guild_id, col(Event.id) == number)
    return (await session.exec(query)).first()
