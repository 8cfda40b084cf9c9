"""Transactions and readers, and the column type of moments."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import col, select

from db.engine import Database, async_url, sync_url
from db.models import Guild
from tests.db.factories import NOW


def _guild(guild_id: int = 1, **changes: Any) -> Guild:
    return Guild(guild_id=guild_id, **{"joined_at": NOW} | changes)


async def _names(database: Database) -> list[str]:
    async with database.reading() as session:
        return list((await session.exec(select(Guild.name).order_by(col(Guild.guild_id)))).all())


async def test_a_transaction_commits_when_its_block_ends(any_database: Database) -> None:
    async with any_database.transaction() as session:
        session.add(_guild(name="kept"))
    assert await _names(any_database) == ["kept"]


async def _fail_after_writing(database: Database, error: type[BaseException]) -> None:
    async with database.transaction() as session:
        session.add(_guild(name="gone"))
        await session.flush()
        raise error


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_a_transaction_rolls_back_when_its_block_raises(any_database: Database, error: type[BaseException]) -> None:
    with pytest.raises(error):
        await _fail_after_writing(any_database, error)
    assert await _names(any_database) == []
    async with any_database.transaction() as session:
        session.add(_guild(name="after"))
    assert await _names(any_database) == ["after"]


async def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_before(any_database: Database) -> None:
    async with any_database.transaction() as session:
        session.add(_guild(1, name="before"))
    async with any_database.transaction() as session:
        session.add(_guild(2, name="not yet"))
        await session.flush()
        assert await asyncio.wait_for(_names(any_database), 2) == ["before"]
    assert await _names(any_database) == ["before", "not yet"]


async def test_writers_of_sqlite_take_turns(sqlite_database: Database) -> None:
    async def add(guild_id: int) -> None:
        async with sqlite_database.transaction() as session:
            known = (await session.exec(select(Guild))).all()
            session.add(_guild(guild_id, name=str(len(known))))

    await asyncio.gather(*(add(number) for number in range(1, 11)))
    assert sorted(map(int, await _names(sqlite_database))) == list(range(10))


async def test_writers_of_two_processes_take_turns(sqlite_address: str, sqlite_database: Database) -> None:
    other = Database(sqlite_address)

    async def add(database: Database, guild_id: int) -> None:
        async with database.transaction() as session:
            known = (await session.exec(select(Guild))).all()
            await session.flush()
            session.add(_guild(guild_id, name=str(len(known))))

    await asyncio.gather(
        *(add(database, index * 10 + n) for index, database in enumerate((other, sqlite_database)) for n in range(5))
    )
    assert sorted(map(int, await _names(sqlite_database))) == list(range(10))
    await other.close()


async def test_a_naive_moment_is_refused(any_database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        async with any_database.transaction() as session:
            session.add(_guild(joined_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the point


async def test_a_moment_comes_back_aware_and_in_utc(any_database: Database) -> None:
    local = datetime(2026, 5, 1, 15, 30, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    async with any_database.transaction() as session:
        session.add(_guild(joined_at=local))
    async with any_database.reading() as session:
        found = (await session.exec(select(Guild))).one()
    assert found.joined_at == local
    assert found.joined_at.tzinfo is UTC
    assert found.left_at is None


async def test_moments_compare_as_moments_in_queries(any_database: Database) -> None:
    async with any_database.transaction() as session:
        session.add(_guild())
    later = (NOW + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-11)))
    async with any_database.reading() as session:
        assert (await session.exec(select(Guild).where(col(Guild.joined_at) < later))).all()
        assert not (await session.exec(select(Guild).where(col(Guild.joined_at) > later))).all()


@pytest.mark.parametrize(
    ("address", "asynchronous", "blocking"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite:///a.db", "sqlite:///a.db"),
        ("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
    ],
)
def test_addresses_get_our_drivers(address: str, asynchronous: str, blocking: str) -> None:
    assert async_url(address).render_as_string(hide_password=False) == asynchronous
    assert sync_url(address).render_as_string(hide_password=False) == blocking


def test_other_databases_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mysql"):
        async_url("mysql://u@h/d")


async def test_sqlite_is_opened_for_safety_and_for_many_readers(sqlite_database: Database) -> None:
    async with sqlite_database.reading() as session:
        connection = await session.connection()
        found = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_loop_ends_when_a_reader_was_cancelled_just_before(sqlite_address: str) -> None:
    async def cancel_and_close(turns: int) -> None:
        database = Database(sqlite_address)
        reading = asyncio.create_task(_read_for_ever(database))
        await _names(database)
        for _ in range(turns):
            await asyncio.sleep(0)
        reading.cancel()
        await database.close()

    def run() -> None:
        for turns in range(60):
            asyncio.run(cancel_and_close(turns % 20))

    running = threading.Thread(target=run, daemon=True)
    running.start()
    running.join(20)
    assert not running.is_alive()


async def _read_for_ever(database: Database) -> None:
    while True:
        await _names(database)
