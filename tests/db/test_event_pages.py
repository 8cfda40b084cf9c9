"""A page of the event log costs the same in a log of any size, anywhere in it, through any filter."""

import logging
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from db.engine import Database
from db.keyset import BadKey
from db.models import Event, EventField
from db.queries.events import MOST_EXAMINED, FoundEvents, Wanted, find_events, first_number_since
from tests.db.many_events import GUILD, OTHER_GUILD, TYPES, fill, moment_of
from tests.thoroughness import THOROUGH
from util.canonical import indexed
from util.identifiers import EventType
from util.paging import Cursor, Where

LOG = logging.getLogger(__name__)
SIZE = 10
SMALL, LARGE = 1_000, 1_000_000 if THOROUGH else 150_000
MODEST, PLANNED = 600, 20_000
MOST_RATIO = 1.5
NOISE = 0.001
"""Seconds that a median may be off on a busy machine."""
REPEATS, ATTEMPTS = 9, 4
ONE, TWO = TYPES[0], TYPES[:2]
FILTERS: dict[str, Wanted] = {
    "nothing": Wanted(GUILD),
    "type": Wanted(GUILD, (ONE,)),
    "two types": Wanted(GUILD, TWO),
    "user": Wanted(GUILD, of_actor=True, actor_id=101),
    "the bot": Wanted(GUILD, of_actor=True),
    "common field": Wanted(GUILD, fields={"verdict": "reject"}),
    "rare field": Wanted(GUILD, fields={"level_id": 1}),
    "type and user": Wanted(GUILD, (ONE,), of_actor=True, actor_id=101),
    "type and common field": Wanted(GUILD, (ONE,), fields={"verdict": "reject"}),
    "two common fields": Wanted(GUILD, fields={"verdict": "reject", "level_id": 2}),
    "rare and common field": Wanted(GUILD, fields={"verdict": "reject", "level_id": 1}),
    "everything": Wanted(GUILD, (ONE,), True, 101, {"verdict": "reject", "level_id": 2}),
}
PLACES = ("first", "deep", "last", "jump")


async def page(database: Database, wanted: Wanted, place: str, size: int) -> FoundEvents:
    """Read a page at a place of a log of this size."""
    async with database.reading() as session:
        match place:
            case "first":
                cursor = Cursor()
            case "deep":
                cursor = Cursor(Where.AFTER, str(size * 2 // 3))
            case "last":
                cursor = Cursor(Where.LAST)
            case _:
                cursor = Cursor(Where.AT, str(await first_number_since(session, GUILD, moment_of(size // 2))))
        return await find_events(session, wanted, cursor, size=SIZE)


def numbers(found: FoundEvents) -> list[int]:
    return [one.id for one in found.page.rows]


async def everything(database: Database, wanted: Wanted) -> list[int]:
    """Return what a filter shall find, by looking at each event of the log."""
    async with database.reading() as session:
        found = await find_events(session, Wanted(wanted.guild_id), Cursor(), size=MODEST)
    return [
        one.id
        for one in found.page.rows
        if (not wanted.types or one.type in wanted.types)
        and (not wanted.of_actor or one.actor_id == wanted.actor_id)
        and all(one.fields[name] == value and type(one.fields[name]) is type(value) for name, value in wanted.fields.items())
    ]


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to the database."""
    seen: list[tuple[str, Any]] = []

    def collect(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        seen.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", collect)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", collect)


@pytest.fixture
async def modest(any_address: str) -> AsyncIterator[Database]:
    """A log of a few thousand events, once in each database."""
    fill(any_address, MODEST)
    database = Database(any_address)
    yield database
    await database.close()


async def test_turning_pages_shows_each_matching_event_once_in_order(modest: Database) -> None:
    for name, wanted in FILTERS.items():
        expected = await everything(modest, wanted)
        assert expected, name
        for where, back in ((Where.AFTER, False), (Where.BEFORE, True)):
            seen: list[int] = []
            cursor = Cursor(Where.LAST if back else Where.FIRST)
            while True:
                async with modest.reading() as session:
                    found = await find_events(session, wanted, cursor, size=SIZE)
                assert found.searched_to is None
                seen = numbers(found) + seen if back else seen + numbers(found)
                if not (found.page.has_before if back else found.page.has_after):
                    break
                cursor = Cursor(where, found.page.first_key if back else found.page.last_key)
            assert seen == expected, (name, where)


async def test_a_jump_begins_with_the_first_event_at_or_after_the_moment(modest: Database) -> None:
    for wanted in FILTERS.values():
        expected = [number for number in await everything(modest, wanted) if number >= MODEST // 2]
        found = await page(modest, wanted, "jump", MODEST)
        assert numbers(found) == expected[:SIZE]
        assert found.page.has_before
    async with modest.reading() as session:
        assert await first_number_since(session, GUILD, moment_of(0)) == 1
        assert await first_number_since(session, GUILD, moment_of(MODEST + 1)) == MODEST
        start = await find_events(session, Wanted(GUILD), Cursor(Where.AT, "1"), size=SIZE)
        end = await find_events(session, Wanted(GUILD), Cursor(Where.AT, str(MODEST)), size=SIZE)
        back = await find_events(session, Wanted(GUILD), Cursor(Where.BEFORE, end.page.first_key), size=SIZE)
    assert not start.page.has_before
    assert start.page.has_after
    assert numbers(end) == []
    assert end.page.has_before
    assert not end.page.has_after
    assert numbers(back)[-1] == MODEST - 1


async def test_no_filter_reaches_into_another_guild(modest: Database) -> None:
    for wanted in FILTERS.values():
        assert all(number % 10 for number in await everything(modest, wanted))
    async with modest.reading() as session:
        found = await find_events(session, Wanted(OTHER_GUILD, (ONE,), fields={"level_id": 2}), Cursor(), size=SIZE)
    assert [number % 10 for number in numbers(found)] == [0] * SIZE


@pytest.mark.parametrize("key", ["", "x", "-1", "1.5", "²", "9" * 30, str(2**63), "1 or 1"])
async def test_a_key_that_no_page_has_given_is_refused(sqlite_database: Database, key: str) -> None:
    async with sqlite_database.reading() as session:
        with pytest.raises(BadKey):
            await find_events(session, Wanted(GUILD), Cursor(Where.AFTER, key), size=SIZE)


@pytest.mark.parametrize(
    "value", [1, "1", True, "true", None, "null", "", "x" * 198, "x" * 199, "x" * 400, "x" * 399 + "y", "%", "_", '"', "\\", "é"]
)
async def test_a_value_is_found_exactly_and_no_other(sqlite_database: Database, value: Any) -> None:
    values = [1, "1", True, "true", None, "null", "", *("x" * size for size in (198, 199, 200, 400)), "x" * 399 + "y"]
    values += ["%", "_", '"', "\\", "é", "e"]
    async with sqlite_database.transaction() as session:
        for one in values * 3:
            made = Event(guild_id=GUILD, type=EventType.TEXT_EDITED, actor_id=1, at=moment_of(1), fields={"new_value": one})  # pyright: ignore[reportCallIssue]
            session.add(made)
            await session.flush()
            session.add(EventField(event_id=made.id, guild_id=GUILD, key="new_value", value=indexed(one)))
    async with sqlite_database.reading() as session:
        found = await find_events(session, Wanted(GUILD, fields={"new_value": value}), Cursor(), size=SIZE)
    shown = [one.fields["new_value"] for one in found.page.rows]
    assert [(type(one), one) for one in shown] == [(type(value), value)] * 3


async def test_what_hardly_ever_meets_ends_a_page_early_and_goes_on_from_there(sqlite_address: str) -> None:
    fill(sqlite_address, MOST_EXAMINED * 6)
    database = Database(sqlite_address)
    # Every second event each, and never the same.
    wanted = Wanted(GUILD, fields={"level_id": 4, "verdict": "approve"})
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE event_field SET value = '4' WHERE key = 'level_id' AND event_id % 2 = 1")
    async with database.reading() as session:
        first = await find_events(session, wanted, Cursor(), size=SIZE)
        second = await find_events(session, wanted, Cursor(Where.AFTER, first.page.last_key), size=SIZE)
        back = await find_events(session, wanted, Cursor(Where.BEFORE, second.page.first_key), size=SIZE)
        last = await find_events(session, wanted, Cursor(Where.LAST), size=SIZE)
    await database.close()
    assert [found.page.rows for found in (first, second, back, last)] == [()] * 4
    assert first.searched_to == moment_of(int(first.page.last_key))
    assert second.searched_to == moment_of(int(second.page.last_key))
    assert last.searched_to == moment_of(int(last.page.first_key))
    assert MOST_EXAMINED < int(first.page.last_key) < int(second.page.last_key)
    assert (first.page.has_before, first.page.has_after) == (False, True)
    assert (last.page.has_before, last.page.has_after) == (True, False)


async def test_every_query_of_every_page_goes_by_an_index(any_address: str) -> None:
    fill(any_address, PLANNED)
    database = Database(any_address)
    prefix = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with statements(database) as seen:
        for wanted in FILTERS.values():
            for place in PLACES:
                await page(database, wanted, place, PLANNED)
    asked = {statement: parameters for statement, parameters in seen if statement.lstrip().startswith("SELECT")}
    assert len(asked) >= len(FILTERS)
    for statement, parameters in asked.items():
        async with database.engine.connect() as connection:
            plan = (await connection.exec_driver_sql(prefix + statement, parameters)).all()
        steps = [str(row[3] if database.is_sqlite else row[0]) for row in plan]
        assert any("index" in step.casefold() or "PRIMARY KEY" in step for step in steps), (steps, statement)
        read_whole = [step for step in steps if step.startswith("SCAN event") or "Seq Scan on event" in step]
        assert read_whole == [], (steps, statement)
    await database.close()


async def _seconds(database: Database, wanted: Wanted, place: str, size: int) -> float:
    start = time.perf_counter()
    await page(database, wanted, place, size)
    return time.perf_counter() - start


async def test_a_page_of_very_many_events_costs_what_one_of_a_thousand_costs(tmp_path: Path, migrated_file: Path) -> None:
    databases: dict[int, Database] = {}
    for size in (SMALL, LARGE):
        path = tmp_path / f"{size}.db"
        path.write_bytes(migrated_file.read_bytes())
        fill(f"sqlite:///{path}", size)
        databases[size] = Database(f"sqlite:///{path}")
    too_slow = {(name, place) for name in FILTERS for place in PLACES}
    for _ in range(ATTEMPTS):
        for name, place in sorted(too_slow):
            times: dict[int, list[float]] = {SMALL: [], LARGE: []}
            for _ in range(REPEATS):
                # One after the other, so that what slows the machine down slows both.
                for size, database in databases.items():
                    times[size].append(await _seconds(database, FILTERS[name], place, size))
            small, large = (statistics.median(times[size]) for size in (SMALL, LARGE))
            LOG.info("%s, %s: %.2f ms, %.2f ms, ratio %.2f", name, place, small * 1000, large * 1000, large / small)
            if large <= small * MOST_RATIO + NOISE:
                too_slow.discard((name, place))
    for database in databases.values():
        await database.close()
    assert too_slow == set()
