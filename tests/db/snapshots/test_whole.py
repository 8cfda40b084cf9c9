"""A snapshot of everything holds everything, as of one moment, and moves between SQLite and PostgreSQL."""

import asyncio
import gc
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import col, select

from db.engine import Database, sync_url
from db.migrate import downgrade, head, upgrade
from db.models import Event, Request, metadata
from db.snapshots import BadSnapshot, DatabaseBusy, Loaded, Refusal, check_snapshot, load_into, read_manifest, save_snapshot
from db.snapshots.work import scratch_folder
from tests.db.factories import a_request
from tests.db.snapshots.conftest import Samples
from tests.db.snapshots.content import HERE, MEMBER, NOW, THERE, guild_rows, holds, prose, put
from tests.db.snapshots.forging import put_together, taken_apart
from tests.db.snapshots.ticking import watching
from util.identifiers import EventType
from util.memory import settle

NEVER_SAVED = ("confirmation", "setup_residue")


async def save(database: Database, path: Path, guild_id: int | None = None) -> Any:
    return await save_snapshot(database, path, guild_id=guild_id, now=NOW, release="0.1.0")


async def load(database: Database, path: Path, guild_id: int | None = None, *, from_whole: bool = False) -> Loaded:
    checking = check_snapshot(path, guild_id=guild_id, workdir=path.parent / "work", from_whole=from_whole)
    async with checking as checked, database.transaction() as session:
        return await load_into(session, checked)


def without(found: dict[str, list[Any]], *tables: str) -> dict[str, list[Any]]:
    return {table: [] if table in tables else rows for table, rows in found.items()}


@pytest.fixture
async def second_database(sqlite_address: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Return an empty SQLite database beside the others."""
    address = f"sqlite:///{tmp_path / 'second.db'}"
    await asyncio.to_thread(upgrade, address)
    database = Database(address)
    yield database
    await database.close()


async def test_everything_goes_to_postgresql_and_back_unchanged(
    sqlite_database: Database, postgres_address: str, second_database: Database, tmp_path: Path
) -> None:
    await put(sqlite_database, guild_rows(HERE), guild_rows(THERE, 10, requests=450))
    middle = Database(postgres_address)
    there = await save(sqlite_database, tmp_path / "there.greenlight")
    first = await load(middle, tmp_path / "there.greenlight")
    back = await save(middle, tmp_path / "back.greenlight")
    second = await load(second_database, tmp_path / "back.greenlight")
    wanted = without(await holds(sqlite_database), *NEVER_SAVED)
    assert await holds(middle) == wanted
    assert await holds(second_database) == wanted
    assert all(wanted[table.name] for table in metadata.sorted_tables if table.name not in NEVER_SAVED)
    assert there.rows == back.rows
    assert there.guilds == back.guilds
    assert first.moved
    assert second.moved
    assert first.cards == second.cards == ()
    await middle.close()


async def test_numbers_go_on_where_the_moved_database_stopped(any_database: Database, samples: Samples, tmp_path: Path) -> None:
    source = Database(f"sqlite:///{tmp_path / 'source.db'}")
    (tmp_path / "source.db").write_bytes(samples.database.read_bytes())
    async with source.transaction() as session:
        session.add(latest := a_request(level_id=5))
        await session.flush()
        number = latest.id
        await session.delete(latest)
    await save(source, tmp_path / "a.greenlight")
    await source.close()
    await load(any_database, tmp_path / "a.greenlight")
    async with any_database.transaction() as session:
        session.add(next_one := a_request(level_id=6))
        await session.flush()
        assert next_one.id == number + 1


async def test_the_description_says_what_is_inside(samples: Samples) -> None:
    manifest = read_manifest(samples.whole)
    assert (manifest.revision, manifest.made_at, manifest.guild_id, manifest.release) == (head(), NOW, None, "0.1.0")
    assert [guild.guild_id for guild in manifest.guilds] == [HERE, THERE]
    assert manifest.guilds[0].name.startswith('Guild Привет, "мир" 😀')
    assert manifest.rows["event_field"] == 16
    assert manifest.total_rows == sum(guild.rows for guild in manifest.guilds)


async def test_the_file_is_whole_or_not_there_and_nobody_elses(any_database: Database, tmp_path: Path) -> None:
    await put(any_database, guild_rows(HERE))
    target = tmp_path / "new" / "folder" / "a.greenlight"
    target.parent.mkdir(parents=True)
    await save(any_database, target)
    assert [path.name for path in target.parent.iterdir()] == ["a.greenlight"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


async def test_a_save_that_is_called_off_leaves_no_file(any_database: Database, tmp_path: Path) -> None:
    await put(any_database, guild_rows(HERE, requests=1000))
    saving = asyncio.create_task(save(any_database, tmp_path / "folder" / "a.greenlight"))
    while not list((tmp_path / "folder").glob(".snapshot-*/content.db")):
        await asyncio.sleep(0)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert list((tmp_path / "folder").iterdir()) == []


def test_what_killed_processes_left_goes_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / ".snapshot-old", tmp_path / ".snapshot-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "content.db").write_bytes(b"x")
    os.utime(old, (1, 1))
    with scratch_folder(tmp_path):
        assert not old.exists()
        assert new.exists()


async def test_a_snapshot_is_of_one_moment_while_others_write(any_database: Database, tmp_path: Path) -> None:
    """Each transaction writes a request and an event: there are always as many of both."""
    await put(any_database, guild_rows(HERE, requests=600))
    stop = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 1
            async with any_database.transaction() as session:
                session.add(a_request(guild_id=HERE, level_id=100_000 + number))
                await session.flush()
                session.add(Event(guild_id=HERE, type=EventType.REQUEST_CREATED, actor_id=None, at=NOW, fields={}))  # pyright: ignore[reportCallIssue]
        return number

    writing = asyncio.create_task(write())
    manifests = [await save(any_database, tmp_path / f"{number}.greenlight") for number in range(3)]
    stop.set()
    written = await writing
    assert all(manifest.rows["request"] == manifest.rows["event"] for manifest in manifests)
    assert 600 < manifests[-1].rows["request"] <= 600 + written
    async with check_snapshot(tmp_path / "2.greenlight", guild_id=None, workdir=tmp_path):
        pass


async def test_saving_and_loading_leave_the_loop_its_turns(any_database: Database, tmp_path: Path) -> None:
    await put(any_database, guild_rows(HERE, requests=1200, words=prose(1, 8)))
    settle()
    try:
        async with watching() as stall:
            await save(any_database, tmp_path / "a.greenlight")
            await load(any_database, tmp_path / "a.greenlight")
    finally:
        gc.unfreeze()
    assert stall.own < 0.05


async def test_a_snapshot_of_an_older_release_is_brought_up_to_date(
    any_database: Database, samples: Samples, tmp_path: Path
) -> None:
    """As an older release would have written it: with its own schema."""
    manifest, database = taken_apart(samples.whole, tmp_path)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM panel_token")
        connection.execute("UPDATE review SET further_messages = NULL")
        connection.execute("UPDATE guild SET former_members = 0")
    wanted = Database(f"sqlite:///{database}")
    content = await holds(wanted)
    await wanted.close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    # What one migration back drops, the way forth makes again.
    await asyncio.to_thread(downgrade, f"sqlite:///{database}", "0003")
    fresh = tmp_path / "fresh.db"
    await asyncio.to_thread(upgrade, f"sqlite:///{fresh}", "0003")
    _copy_all(database, fresh)
    rows = {table: count for table, count in manifest.rows.items() if table != "panel_token"}
    guilds = tuple(type(guild)(guild.guild_id, guild.name, guild.rows - 1) for guild in manifest.guilds)
    path = put_together(manifest, fresh, tmp_path / "old.greenlight", revision="0003", rows=rows, guilds=guilds)
    await load(any_database, path)
    assert await holds(any_database) == content


def _copy_all(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS old", (str(source),))
        tables = connection.execute("SELECT name FROM old.sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            if name not in {"alembic_version", "sqlite_sequence"}:
                columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f'PRAGMA main.table_info("{name}")'))
                connection.execute(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM old."{name}"')


async def test_rows_that_no_migration_can_bring_up_to_date_are_refused(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, revision: str) -> None:
        raise RuntimeError("the migration leaves 1 broken references")

    monkeypatch.setattr("db.snapshots.check.bring_to", broken)
    monkeypatch.setattr("db.snapshots.check.head", lambda: "9999")
    with pytest.raises(BadSnapshot) as caught:
        async with check_snapshot(samples.whole, guild_id=None, workdir=tmp_path):
            pass
    assert caught.value.reason is Refusal.WRONG_VALUE


class TestOverLiveData:
    """Loading everything into a database that is in use."""

    async def test_the_present_state_makes_way(self, any_database: Database, samples: Samples) -> None:
        await put(any_database, guild_rows(HERE, 500, requests=30), guild_rows(77))
        loaded = await load(any_database, samples.whole)
        assert not loaded.moved
        assert loaded.guilds == (77, HERE, THERE)
        found, source = await holds(any_database), Database(f"sqlite:///{samples.database}")
        wanted = await holds(source)
        await source.close()
        for table in ("request", "opinion", "review", "assessment", "event", "event_field", "preference", "cooldown"):
            assert found[table] == wanted[table]

    async def test_what_is_owed_is_neither_sent_again_nor_late(self, any_database: Database, samples: Samples) -> None:
        await put(any_database, guild_rows(HERE, 500))
        await load(any_database, samples.whole)
        found = await holds(any_database)
        assert found["delivery"] == []
        assert len(found["failed_delivery"]) == 2
        assert found["confirmation"] == []
        assert len(found["setup_residue"]) == 1

    async def test_a_token_that_was_revoked_stays_revoked(self, any_database: Database, samples: Samples) -> None:
        await put(any_database, guild_rows(HERE, 500) | {"panel_token": []})
        await load(any_database, samples.whole)
        assert (await holds(any_database))["panel_token"] == []

    async def test_numbers_of_the_replaced_rows_are_not_used_again(self, any_database: Database, samples: Samples) -> None:
        await put(any_database, guild_rows(HERE, 500, requests=30))
        await load(any_database, samples.whole)
        async with any_database.transaction() as session:
            session.add(new := a_request(guild_id=HERE, level_id=5))
            session.add(event := Event(guild_id=HERE, type=EventType.QUEUE_OPENED, at=NOW, fields={}))  # pyright: ignore[reportCallIssue]
            await session.flush()
            assert (new.id, event.id) == (530, 530)

    async def test_an_error_leaves_everything_as_it_was(
        self, any_database: Database, samples: Samples, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await put(any_database, guild_rows(HERE, 500, requests=30))
        before = await holds(any_database)

        async def fail(*arguments: Any) -> None:
            raise RuntimeError("the power is gone")

        monkeypatch.setattr("db.snapshots.load.raise_numbers", fail)
        with pytest.raises(RuntimeError):
            await load(any_database, samples.whole)
        assert await holds(any_database) == before


async def test_others_read_the_old_state_until_the_new_one_is_there(
    any_database: Database, samples: Samples, tmp_path: Path
) -> None:
    await put(any_database, guild_rows(HERE, 500, requests=30))
    seen = set[int]()

    async def look() -> None:
        while True:
            async with any_database.reading() as session:
                seen.add(len((await session.exec(select(Request.id).where(col(Request.guild_id) == HERE))).all()))

    looking = asyncio.create_task(look())
    await load(any_database, samples.whole)
    while 2 not in seen:
        await asyncio.sleep(0)
    looking.cancel()
    await asyncio.wait({looking})
    assert seen == {30, 2}


class TestPostgresqlWriters:
    """PostgreSQL lets others write at the same time, unless they are told to wait."""

    async def test_a_writer_waits_until_the_snapshot_is_loaded(
        self, postgres_address: str, samples: Samples, tmp_path: Path
    ) -> None:
        database = Database(postgres_address)
        await put(database, guild_rows(HERE, 500))
        async with check_snapshot(samples.whole, guild_id=None, workdir=tmp_path) as checked:
            async with database.transaction() as session:
                await load_into(session, checked)
                writing = asyncio.create_task(_add(database))
                _, waiting = await asyncio.wait({writing}, timeout=0.2)
                assert waiting
            await writing
        assert len((await holds(database))["request"]) == 5
        await database.close()

    async def test_nothing_is_loaded_while_somebody_goes_on_writing(
        self, postgres_address: str, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("db.snapshots.load._ATTEMPTS", 2)
        database = Database(postgres_address)
        engine = create_engine(sync_url(postgres_address))
        with engine.begin() as other:
            other.execute(text("INSERT INTO preference VALUES (1, 2, 'en')"))
            with pytest.raises(DatabaseBusy):
                await load(database, samples.whole)
        engine.dispose()
        await load(database, samples.whole)
        await database.close()


async def _add(database: Database) -> None:
    async with database.transaction() as session:
        session.add(a_request(guild_id=HERE, author_id=MEMBER, level_id=5, created_at=NOW + timedelta(days=1)))
