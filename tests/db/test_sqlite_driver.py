"""The driver for SQLite: what it spares must not show."""

from pathlib import Path
from typing import Any
from unittest import mock

import aiosqlite
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col, func, select

from db.engine import Database
from db.models import Guild, table
from tests.db.factories import NOW

COUNT = select(func.count()).select_from(Guild)


@pytest.fixture
async def database(migrated_file: Path, tmp_path: Path):
    path = tmp_path / "bot.db"
    path.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    async with database.reading() as session:
        await session.exec(COUNT)
    yield database
    await database.close()


def _rows(*names: str) -> list[dict[str, Any]]:
    return [{"guild_id": number, "name": name, "joined_at": NOW} for number, name in enumerate(names, 1)]


@pytest.fixture
def trips():
    """Count the trips to the threads of connections that somebody waits for."""
    with mock.patch.object(aiosqlite.Connection, "_execute", autospec=True, side_effect=aiosqlite.Connection._execute) as made:
        yield made


async def test_a_question_is_one_trip(database: Database, trips: mock.Mock) -> None:
    async with database.reading() as session:
        assert (await session.exec(COUNT)).one() == 0
    assert trips.call_count == 1


async def test_a_transaction_is_one_trip_for_each_statement_and_one_for_its_end(database: Database, trips: mock.Mock) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(insert(table(Guild)), _rows("a", "b"))
        assert (await session.exec(COUNT)).one() == 2
    assert trips.call_count == 3


async def test_who_asks_nothing_makes_no_trip(database: Database, trips: mock.Mock) -> None:
    async with database.reading(), database.transaction():
        pass
    assert trips.call_count == 0


async def test_a_reader_sees_one_state_and_the_next_one_sees_what_came_since(database: Database) -> None:
    async with database.reading() as reader:
        assert (await reader.exec(COUNT)).one() == 0
        async with database.transaction() as session:
            session.add_all(Guild(**row) for row in _rows("a"))
        assert (await reader.exec(COUNT)).one() == 0
    async with database.reading() as reader:
        assert (await reader.exec(COUNT)).one() == 1


async def test_rows_come_with_their_columns_and_numbers_of_changes(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(insert(table(Guild)), _rows("a", "b", "c"))
        changed = await connection.execute(text("UPDATE guild SET name = 'z' WHERE guild_id > 1"))
        assert changed.rowcount == 2
        rows = await connection.execute(text("SELECT guild_id AS number, name FROM guild ORDER BY guild_id"))
        assert [dict(row) for row in rows.mappings()] == [
            {"number": 1, "name": "a"},
            {"number": 2, "name": "z"},
            {"number": 3, "name": "z"},
        ]


async def _write(database: Database, *rows: dict[str, Any]) -> None:
    async with database.transaction() as session:
        for row in rows:
            await (await session.connection()).execute(insert(table(Guild)), row)


async def _ask(database: Database, question: str) -> None:
    async with database.reading() as session:
        await (await session.connection()).execute(text(question))


async def test_what_the_database_refuses_has_sqlalchemys_names_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _write(database, *_rows("a"), *_rows("the same number"))
    with pytest.raises(OperationalError):
        await _ask(database, "SELECT * FROM nothing_of_ours")
    async with database.reading() as session:
        assert (await session.exec(COUNT)).one() == 0


async def _break_a_promise(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        await connection.execute(text("INSERT INTO event_field (event_id, key, guild_id, value) VALUES (7, 'key', 1, '1')"))


async def test_what_cannot_be_committed_is_rolled_back_and_the_connection_goes_on(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _break_a_promise(database)
    await _write(database, *_rows("a", "b"))
    async with database.reading() as session:
        assert (await session.exec(COUNT)).one() == 2
        found = await (await session.connection()).execute(text("SELECT count(*) FROM event_field"))
        assert found.scalar() == 0


async def test_rows_can_be_streamed_inside_a_transaction(database: Database) -> None:
    async with database.transaction() as session:
        session.add_all(Guild(**row) for row in _rows("a", "b"))
    async with database.reading() as session:
        found = await session.stream(select(Guild.name).order_by(col(Guild.guild_id)))
        assert [row.name async for row in found] == ["a", "b"]
