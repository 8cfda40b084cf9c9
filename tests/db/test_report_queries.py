"""Reports read ranges of indexes, and cost what lies in their range whatever the size of the history."""

import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel.ext.asyncio.session import AsyncSession

from db.engine import Database
from db.queries.reports import (
    Stretch,
    count_created,
    count_flow,
    count_opinions,
    count_reviews,
    first_opinion_at,
    first_request_at,
    first_review_at,
    hold_still,
    queue_switches,
)
from tests.db.factories import a_request
from tests.db.many_requests import END, GUILD, PACE, fill

DAY = timedelta(days=1)
RANGE: list[Stretch] = [(END - DAY * (60 - number), END - DAY * (59 - number)) for number in range(30)]
WHOLE: Stretch = (RANGE[0][0], RANGE[-1][1])
Ask = Callable[[AsyncSession], Awaitable[Any]]
QUERIES: dict[str, tuple[Ask, tuple[str, ...]]] = {
    "new requests": (lambda session: count_created(session, GUILD, RANGE), ("ix_request_created",)),
    "pending": (
        lambda session: count_flow(session, GUILD, RANGE),
        ("ix_request_created", "ix_request_resolved", "ix_request_status|ix_request_judged|uq_request_pending_level"),
    ),
    "reviews": (lambda session: count_reviews(session, GUILD, RANGE), ("ix_review_created",)),
    "opinions": (lambda session: count_opinions(session, GUILD, 101, WHOLE), ("ix_opinion_author",)),
    "first request": (lambda session: first_request_at(session, GUILD), ("ix_request_created",)),
    "first review": (lambda session: first_review_at(session, GUILD), ("ix_review_created",)),
    "first opinion": (lambda session: first_opinion_at(session, GUILD, 101), ("ix_opinion_author",)),
    "queue": (lambda session: queue_switches(session, GUILD, WHOLE), ("ix_event_at|ix_event_guild|ix_event_type",)),
}
PLANNED = 6_000
SMALL, LARGE, MOST_RATIO = 3_000, 150_000, 1.6
ROUNDS = 40
LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def statements(database: Database) -> Generator[list[tuple[str, Any]]]:
    """Collect what is asked of a database."""
    seen: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", remember)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_every_query_reads_a_range_of_its_index(kind: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("sqlite_address" if kind == "sqlite" else "postgres_address")
    fill(address, PLANNED)
    database = Database(address)
    prefix = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    for name, (ask, indexes) in QUERIES.items():
        with statements(database) as seen:
            async with database.reading() as session:
                assert await ask(session), name
        plans: list[str] = []
        for statement, parameters in seen:
            if not statement.lstrip().startswith(("SELECT", "WITH")):
                continue
            async with database.engine.connect() as connection:
                plan = (await connection.exec_driver_sql(prefix + statement, parameters)).all()
            plans += [str(row[3] if database.is_sqlite else row[0]) for row in plan]
        whole = "\n".join(plans)
        for index in indexes:
            assert any(one in whole for one in index.split("|")), f"{name}: {whole}"
        for table in ("request", "opinion", "review", "event"):
            assert f"SCAN {table}" not in whole, f"{name}: {whole}"
            assert f"Seq Scan on {table}" not in whole, f"{name}: {whole}"
    await database.close()


async def _seconds(database: Database, ask: Ask) -> float:
    start = time.perf_counter()
    async with database.reading() as session:
        await ask(session)
    return time.perf_counter() - start


async def test_a_month_costs_the_same_in_a_history_of_months_and_of_years(tmp_path: Path, migrated_file: Path) -> None:
    databases: dict[int, Database] = {}
    for size in (SMALL, LARGE):
        path = tmp_path / f"{size}.db"
        path.write_bytes(migrated_file.read_bytes())
        fill(f"sqlite:///{path}", size)
        databases[size] = Database(f"sqlite:///{path}")
    ratios: dict[str, float] = {}
    for name, (ask, _) in QUERIES.items():
        fastest = dict.fromkeys(databases, float("inf"))
        for _ in range(ROUNDS):
            # Taking turns, so that whatever else the machine does hits both.
            for size, database in databases.items():
                fastest[size] = min(fastest[size], await _seconds(database, ask))
        ratios[name] = fastest[LARGE] / fastest[SMALL]
        LOG.info("%s: %.2f ms, %.2f ms, ratio %.2f", name, *(fastest[size] * 1000 for size in databases), ratios[name])
    for database in databases.values():
        await database.close()
    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST_RATIO} == {}, ratios


def test_the_range_lies_inside_the_history() -> None:
    assert RANGE[0][0] > END - PACE * SMALL


async def test_a_session_that_holds_still_sees_nothing_new(any_database: Database) -> None:
    async with any_database.reading() as session:
        await hold_still(session)
        before = await count_flow(session, GUILD, RANGE)
        async with any_database.transaction() as writing:
            writing.add(a_request(guild_id=GUILD, created_at=RANGE[0][0]))
        assert await count_flow(session, GUILD, RANGE) == before
    async with any_database.reading() as session:
        await hold_still(session)
        after = await count_flow(session, GUILD, RANGE)
    assert (sum(after.created), after.pending) == (sum(before.created) + 1, before.pending + 1)
