"""Remove events that are older than their guild keeps them (`retention.events`)."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.models import Event, EventField
from facades.app import App
from facades.privacy.retention import BATCH, limits
from facades.requests.list_queue_history import QUEUE_EVENTS
from facades.requests.probation import DECISIONS
from util.identifiers import Parameter

_TRAINEE: Final = "trainee_id"


async def remove_old_events(app: App, guild_id: int = 0) -> None:
    """Remove them in all guilds, some at a time. What says how things stand now stays however old it is.

    That is the queue's last closing or opening, and the last decision about each trainee: grades from before it do not count.
    """
    for guild, moment in (await limits(app, Parameter.RETENTION_EVENTS)).items():
        after = datetime.min.replace(tzinfo=moment.tzinfo)
        while (last := await _remove_some(app, guild, after, moment)) is not None:
            after = last


async def _remove_some(app: App, guild_id: int, after: datetime, before: datetime) -> datetime | None:
    """Remove the oldest from a moment on; return where to go on, None when there are no more."""
    found = (
        select(Event.id, Event.at)
        .where(col(Event.guild_id) == guild_id, col(Event.at) >= after, col(Event.at) < before, _is_over(guild_id))
        .order_by(col(Event.at))
        .limit(BATCH)
    )
    async with app.database.transaction() as session:
        rows = (await session.exec(found)).all()
        numbers = [number for number, _ in rows]
        # The rows of their index first: on PostgreSQL, one foreign key after the other is slow.
        await session.exec(delete(EventField).where(col(EventField.guild_id) == guild_id, col(EventField.event_id).in_(numbers)))
        await session.exec(delete(Event).where(col(Event.guild_id) == guild_id, col(Event.id).in_(numbers)))
    return rows[-1][1] if len(rows) == BATCH else None


def _is_over(guild_id: int) -> ColumnElement[bool]:
    """Leave out what nothing later has replaced."""
    later, mine, theirs = aliased(Event), aliased(EventField), aliased(EventField)
    queue_changed_since = exists().where(
        col(later.guild_id) == guild_id, col(later.type).in_(QUEUE_EVENTS), col(later.id) > Event.id
    )
    decided_since = exists().where(
        col(mine.guild_id) == guild_id,
        col(mine.event_id) == Event.id,
        col(mine.key) == _TRAINEE,
        col(theirs.guild_id) == guild_id,
        col(theirs.key) == _TRAINEE,
        col(theirs.value) == col(mine.value),
        col(theirs.event_id) > Event.id,
        col(later.guild_id) == guild_id,
        col(later.id) == col(theirs.event_id),
        col(later.type).in_(DECISIONS),
    )
    kind: Any = col(Event.type)
    return or_(
        kind.not_in((*QUEUE_EVENTS, *DECISIONS)),
        kind.in_(QUEUE_EVENTS) & queue_changed_since,
        kind.in_(DECISIONS) & decided_since,
    )
