"""The queue's state: whether it is closed, how many wait in it, and its automatic closing and reopening.

The state is the parameter `queue.blocked`. It is read from the database wherever it decides something, because the cached
settings may be a moment old, and written by conditional statements, so that two at once announce a change once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, CursorResult, ScalarSelect, bindparam, func, literal, select, true, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from config.definitions import definitions
from config.values import encode_value, parse_value
from db.models import Event, ParameterOverride, Request, table
from db.upsert import upsert
from facades.transaction import Transaction
from util.identifiers import EventType, Parameter, RequestStatus, Route
from util.phrases import Raw, Value, role_mention, user_mention
from util.texts import Text

QUEUE_STREAM = "queue"
_KEY = Parameter.QUEUE_BLOCKED


@dataclass(frozen=True)
class QueueChange:
    """When the queue was last opened or closed. `by` None: automatically."""

    at: datetime
    by: int | None


@dataclass(frozen=True)
class QueueState:
    """How the queue stands. `change`: when and by whom it got so, where that is known."""

    closed: bool
    pending: int
    change: QueueChange | None


# Put together once: that takes SQLAlchemy longer than the database takes to answer.
_GUILD: Final[BindParameter[Any]] = bindparam("guild_id")
_parameter, _request, _event = table(ParameterOverride), table(Request), table(Event)
STORED: Final = select(_parameter.c.value).where(_parameter.c.guild_id == _GUILD, _parameter.c.key == _KEY)
"""What is stored of the queue's state in the guild `guild_id`."""
_PENDING: Final = (
    select(func.count()).select_from(_request).where(_request.c.guild_id == _GUILD, _request.c.status == RequestStatus.PENDING)
)


def _newest(event_type: EventType) -> ScalarSelect[Any]:
    # One number from the end of one range of an index; both types at once would be sorted.
    newest = select(func.max(_event.c.id)).where(_event.c.guild_id == _GUILD, _event.c.type == event_type)
    return newest.scalar_subquery()


_CHANGE: Final = (
    select(_event.c.type, _event.c.at, _event.c.actor_id)
    .where(_event.c.id.in_((_newest(EventType.QUEUE_CLOSED), _newest(EventType.QUEUE_OPENED))))
    .order_by(_event.c.id.desc())
    .limit(1)
)
_last = _CHANGE.subquery("last")
_STATE: Final = select(
    STORED.scalar_subquery().label("stored"),
    _PENDING.scalar_subquery().label("pending"),
    _last.c.type,
    _last.c.at,
    _last.c.actor_id,
).select_from(select(literal(1).label("one")).subquery("always").outerjoin(_last, true()))


async def queue_state(session: AsyncSession, guild_id: int) -> QueueState:
    """Return how a guild's queue stands."""
    connection = await session.connection()
    stored, pending, *change = (await connection.execute(_STATE, {"guild_id": guild_id})).one()
    closed = means_closed(stored)
    return QueueState(closed, pending, _change(change, closed=closed))


def means_closed(stored: str | None) -> bool:
    """Tell whether what is stored of the state says that the queue is closed."""
    definition = definitions().parameters[_KEY]
    return bool(definition.default if stored is None else parse_value(definition.type, stored))


async def is_queue_closed(session: AsyncSession, guild_id: int) -> bool:
    """Tell whether a guild's queue is closed at this moment."""
    connection = await session.connection()
    return means_closed((await connection.execute(STORED, {"guild_id": guild_id})).scalar())


async def count_pending(session: AsyncSession, guild_id: int) -> int:
    """Return how many requests of a guild wait for a decision."""
    connection = await session.connection()
    return (await connection.execute(_PENDING, {"guild_id": guild_id})).scalar_one()


async def last_change(session: AsyncSession, guild_id: int, *, closed: bool) -> QueueChange | None:
    """Return when and by whom the queue got closed (or open), if it is known."""
    connection = await session.connection()
    change = (await connection.execute(_CHANGE, {"guild_id": guild_id})).first()
    return _change(change or (None, None, None), closed=closed)


def _change(event: Sequence[Any], *, closed: bool) -> QueueChange | None:
    event_type, at, actor_id = event
    # Somebody may have set the parameter directly since, which leaves no such event.
    if event_type is None or (event_type is EventType.QUEUE_CLOSED) is not closed:
        return None
    return QueueChange(at, actor_id)


async def change_queue(tx: Transaction, *, closed: bool, actor_id: int | None, pending: int) -> bool:
    """Close or open the queue, record it and owe the notice; return False when it was so already.

    `actor_id` None: automatically.
    """
    if not await _write(tx.session, tx.guild_id, closed=closed):
        return False
    tx.settings_changed = True
    event = EventType.QUEUE_CLOSED if closed else EventType.QUEUE_OPENED
    tx.log(event, actor_id, automatic=actor_id is None, pending=pending)
    _owe_notice(tx, closed=closed, actor_id=actor_id, pending=pending)
    return True


async def close_if_full(tx: Transaction) -> bool:
    """Close the queue when the guild wants that at so many pending requests; return whether it was closed now."""
    if not tx.settings.flag_value(Parameter.QUEUE_BLOCK_ENABLED):
        return False
    pending = await count_pending(tx.session, tx.guild_id)
    if pending < tx.settings.number(Parameter.QUEUE_BLOCK_AT):
        return False
    return await change_queue(tx, closed=True, actor_id=None, pending=pending)


async def open_if_drained(tx: Transaction) -> bool:
    """Open the queue when the guild wants that at so few pending requests; return whether it was opened now."""
    if not tx.settings.flag_value(Parameter.QUEUE_UNBLOCK_ENABLED):
        return False
    pending = await count_pending(tx.session, tx.guild_id)
    if pending > tx.settings.number(Parameter.QUEUE_UNBLOCK_AT):
        return False
    return await change_queue(tx, closed=False, actor_id=None, pending=pending)


async def _write(session: AsyncSession, guild_id: int, *, closed: bool) -> bool:
    """Write the state and return whether that changed it."""
    stored = encode_value(closed)
    differs = col(ParameterOverride.value) != stored
    if definitions().parameters[_KEY].default is not closed:
        return await upsert(session, ParameterOverride, {"guild_id": guild_id, "key": _KEY}, {"value": stored}, only_if=differs)
    # Without a row the queue is in this state by default, so only an existing row can change.
    statement = (
        update(ParameterOverride)
        .where(col(ParameterOverride.guild_id) == guild_id, col(ParameterOverride.key) == _KEY, differs)
        .values(value=stored)
    )
    result: CursorResult[Any] = await session.exec(statement)
    return result.rowcount > 0


def _ping(guild_id: int, role_id: int | None) -> Raw:
    """Return the words that ping a role; the role that everybody has carries the guild's id."""
    if role_id is None:
        return Raw("")
    return Raw("@everyone") if role_id == guild_id else role_mention(role_id)


def _owe_notice(tx: Transaction, *, closed: bool, actor_id: int | None, pending: int) -> None:
    role_id = tx.settings.ping_role
    parameters: dict[str, Value] = {"ping": _ping(tx.guild_id, role_id), "pending": pending}
    if actor_id is None:
        key = Text.QUEUE_NOTICE_CLOSED_AUTOMATICALLY if closed else Text.QUEUE_NOTICE_OPENED_AUTOMATICALLY
    else:
        key = Text.QUEUE_NOTICE_CLOSED if closed else Text.QUEUE_NOTICE_OPENED
        parameters["who"] = user_mention(actor_id)
    tx.owe_message(
        QUEUE_STREAM,
        Route.REQUESTS_CLOSED if closed else Route.REQUESTS_REOPENED,
        tx.settings.say(key, tx.settings.language, **parameters).strip()[:2000],
        mention_roles=() if role_id is None else (role_id,),
    )
