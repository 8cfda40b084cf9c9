"""Figures of reports, counted in the database.

The stretches of time that are counted (days or weeks of a time zone) come as a parameter; for each of them the database
reads one range of an index. So a report costs what lies in its range, whatever the size of the history. Many stretches are asked
for slice by slice: what comes back for twenty years of days at once would keep everybody else waiting.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Event, Opinion, Request, Review
from db.queries.events import first_number_since
from util.identifiers import EventType, RequestStatus, Stage, Verdict

Stretch = tuple[datetime, datetime]
"""From the first moment on, before the second."""
SLICE: Final = 100

_STRETCHES: Final = {
    "sqlite": """
        WITH stretch (n, since, until) AS (
            SELECT key, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:stretches)
        )""",
    "postgresql": """
        WITH stretch (n, since, until) AS (
            SELECT given.n - 1, given.since, given.until
            FROM unnest(CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[])) WITH ORDINALITY AS given (since, until, n)
        )""",
}
_CREATED: Final = "(SELECT count(*) FROM request WHERE guild_id = :guild AND created_at >= since AND created_at < until)"
_RESOLVED: Final = "(SELECT count(*) FROM request WHERE guild_id = :guild AND resolved_at >= since AND resolved_at < until)"
_REVIEWS: Final = "review WHERE guild_id = :guild AND stage = :stage AND created_at >= since AND created_at < until"
_BY_REVIEWER: Final = {
    # A cross join is walked from left to right by SQLite; PostgreSQL needs to be told that the right side depends on the left.
    "sqlite": f"SELECT n, author_id, count(*) FROM stretch CROSS JOIN {_REVIEWS} GROUP BY n, author_id",
    "postgresql": f"""SELECT n, author_id, number FROM stretch CROSS JOIN LATERAL
        (SELECT author_id, count(*) AS number FROM {_REVIEWS} GROUP BY author_id) AS counted""",
}


@dataclass(frozen=True)
class Flow:
    """How many requests were made and how many resolved in each stretch, and how many are pending now."""

    created: tuple[int, ...]
    resolved: tuple[int, ...]
    pending: int


@dataclass(frozen=True)
class QueueSwitch:
    """The queue was closed, or opened."""

    at: datetime
    closed: bool


async def count_created(session: AsyncSession, guild_id: int, stretches: Sequence[Stretch]) -> tuple[int, ...]:
    """Return how many requests of a guild were made in each stretch."""
    query = f"SELECT n, {_CREATED} FROM stretch ORDER BY n"
    return tuple([row[1] async for row in _rows(session, query, stretches, {"guild": guild_id})])


async def count_flow(session: AsyncSession, guild_id: int, stretches: Sequence[Stretch]) -> Flow:
    """Return what came into a guild's queue and what left it in each stretch, with what is in it.

    All of it as it was at one moment, if the session was made to hold still.
    """
    query = f"SELECT n, {_CREATED}, {_RESOLVED} FROM stretch ORDER BY n"
    rows = [row async for row in _rows(session, query, stretches, {"guild": guild_id})]
    pending = (
        select(func.count())
        .select_from(Request)
        .where(col(Request.guild_id) == guild_id, col(Request.status) == RequestStatus.PENDING)
    )
    return Flow(tuple(row[1] for row in rows), tuple(row[2] for row in rows), (await session.exec(pending)).one())


async def hold_still(session: AsyncSession) -> None:
    """Let a session that has asked nothing yet see one state of the database until its end, as SQLite does by itself."""
    if session.get_bind().dialect.name == "postgresql":
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def count_reviews(session: AsyncSession, guild_id: int, stretches: Sequence[Stretch]) -> Mapping[int, Mapping[int, int]]:
    """Return for each reviewer how many reviews they wrote, by the number of the stretch; what is zero is left out.

    Reviews are texts; those of trainees and of moderators' decisions are not among them.
    """
    query = _BY_REVIEWER[session.get_bind().dialect.name]
    found: dict[int, dict[int, int]] = {}
    async for number, author_id, count in _rows(session, query, stretches, {"guild": guild_id, "stage": Stage.REVIEWER.value}):
        found.setdefault(author_id, {})[number] = count
    return found


async def count_opinions(session: AsyncSession, guild_id: int, author_id: int, stretch: Stretch) -> Mapping[Verdict, int]:
    """Return how many opinions of each verdict a reviewer gave, with or without a review."""
    query = (
        select(Opinion.verdict, func.count())
        .where(
            col(Opinion.guild_id) == guild_id,
            col(Opinion.author_id) == author_id,
            col(Opinion.stage) == Stage.REVIEWER,
            col(Opinion.created_at) >= stretch[0],
            col(Opinion.created_at) < stretch[1],
        )
        .group_by(col(Opinion.verdict))
    )
    return {Verdict(verdict): number for verdict, number in (await session.exec(query)).all()}


async def first_request_at(session: AsyncSession, guild_id: int) -> datetime | None:
    """Return when the oldest request of a guild was made."""
    query = select(Request.created_at).where(col(Request.guild_id) == guild_id).order_by(col(Request.created_at)).limit(1)
    return (await session.exec(query)).first()


async def first_review_at(session: AsyncSession, guild_id: int) -> datetime | None:
    """Return when the oldest review by a reviewer of a guild was written."""
    query = select(Review.created_at).where(col(Review.guild_id) == guild_id, col(Review.stage) == Stage.REVIEWER)
    return (await session.exec(query.order_by(col(Review.created_at)).limit(1))).first()


async def first_opinion_at(session: AsyncSession, guild_id: int, author_id: int) -> datetime | None:
    """Return when a reviewer of a guild gave their first opinion."""
    query = select(Opinion.created_at).where(
        col(Opinion.guild_id) == guild_id, col(Opinion.author_id) == author_id, col(Opinion.stage) == Stage.REVIEWER
    )
    return (await session.exec(query.order_by(col(Opinion.created_at)).limit(1))).first()


async def queue_switches(session: AsyncSession, guild_id: int, stretch: Stretch) -> Sequence[QueueSwitch]:
    """Return when a guild's queue was closed and opened in a stretch, with the last time before and the first after it."""
    since, until = [await first_number_since(session, guild_id, moment) for moment in stretch]
    found: list[tuple[int, QueueSwitch]] = []
    for event_type in (EventType.QUEUE_CLOSED, EventType.QUEUE_OPENED):
        number = col(Event.id)
        query = select(Event.id, Event.at).where(col(Event.guild_id) == guild_id, col(Event.type) == event_type)
        for part in (
            query.where(number < since).order_by(number.desc()).limit(1),
            query.where(number >= since, number < until).order_by(number),
            query.where(number >= until).order_by(number).limit(1),
        ):
            closed = event_type is EventType.QUEUE_CLOSED
            found += [(event_id, QueueSwitch(at, closed)) for event_id, at in (await session.exec(part)).all()]
    return [switch for _, switch in sorted(found, key=lambda one: one[0])]


async def _rows(
    session: AsyncSession, query: str, stretches: Sequence[Stretch], values: Mapping[str, Any]
) -> AsyncIterator[Sequence[Any]]:
    """Yield the rows of a query, slice by slice; the first column is the number of a stretch among all of them."""
    dialect = session.get_bind().dialect.name
    connection = await session.connection()
    for start in range(0, len(stretches), SLICE):
        part = stretches[start : start + SLICE]
        if dialect == "postgresql":
            given: dict[str, Any] = {"since": [one[0] for one in part], "until": [one[1] for one in part]}
        else:
            given = {"stretches": json.dumps([[_stored(moment) for moment in one] for one in part])}
        for number, *rest in (await connection.execute(text(f"{_STRETCHES[dialect]} {query}"), {**given, **values})).all():
            yield number + start, *rest


def _stored(moment: datetime) -> str:
    """Write a moment as SQLite keeps it."""
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]
