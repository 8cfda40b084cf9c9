"""A SQLite file is copied before its schema changes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from db.engine import sync_url
from db.safety_copy import copy_before_change


def _put_guild(address: str) -> None:
    engine = create_engine(sync_url(address))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO guild (guild_id, name, joined_at) VALUES (7, 'Seven', '2026-01-01 00:00:00')"))
    engine.dispose()


def _names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM guild")]


@pytest.fixture
def newer_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.safety_copy.head", lambda: "9999")


@pytest.mark.usefixtures("newer_release")
def test_the_copy_holds_what_the_database_held(sqlite_address: str, tmp_path: Path) -> None:
    _put_guild(sqlite_address)
    copy = copy_before_change(sqlite_address, "head")
    assert copy is not None
    assert copy.parent == tmp_path / "snapshots"
    assert _names(copy) == ["Seven"]
    assert [path.suffix for path in copy.parent.iterdir()] == [".db"]


@pytest.mark.usefixtures("newer_release")
def test_a_second_copy_does_not_replace_the_first(sqlite_address: str) -> None:
    first = copy_before_change(sqlite_address, "head")
    second = copy_before_change(sqlite_address, "head")
    assert first is not None
    assert second is not None
    assert first != second
    assert first.exists()


@pytest.mark.usefixtures("newer_release")
def test_the_copy_is_whole_while_somebody_writes(sqlite_address: str) -> None:
    _put_guild(sqlite_address)
    path = sync_url(sqlite_address).database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE guild SET name = 'Eight'")
        copy = copy_before_change(sqlite_address, "head")
        writer.execute("ROLLBACK")
    assert copy is not None
    assert _names(copy) == ["Seven"]


def test_nothing_is_copied_when_nothing_changes(sqlite_address: str, tmp_path: Path) -> None:
    assert copy_before_change(sqlite_address, "head") is None
    assert copy_before_change(f"sqlite:///{tmp_path / 'new.db'}", "head") is None
    assert not (tmp_path / "snapshots").exists()


def test_going_back_copies_too(sqlite_address: str) -> None:
    assert copy_before_change(sqlite_address, "base") is not None


def test_postgresql_is_left_to_its_own_tools(postgres_address: str) -> None:
    assert copy_before_change(postgres_address, "base") is None
