"""A database of an older release is brought up to date, and whoever reads the log knows whether a copy was made."""

import contextlib
import sqlite3
from pathlib import Path

from structlog.testing import capture_logs

from db.migrate import current, downgrade, head
from facades.operations.bring_up_to_date import bring_up_to_date


def test_a_copy_is_made_of_a_file_and_the_log_says_that_none_is_made_of_postgresql(any_address: str) -> None:
    downgrade(any_address, "0004")
    with capture_logs() as logs:
        bring_up_to_date(any_address, alone=True)
    assert current(any_address) == head()
    told = "database_copied" if any_address.startswith("sqlite") else "database_not_copied"
    assert [line["event"] for line in logs] == [told, "database_migrated"]
    assert "pg_dump" in logs[0]["reason"] or "copy" in logs[0]


def test_a_file_is_left_with_its_write_ahead_log_before_many_open_it(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    bring_up_to_date(f"sqlite:///{path}", alone=True)
    assert _journal(path) == "wal"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    bring_up_to_date(f"sqlite:///{path}", alone=True)
    assert _journal(path) == "wal"


def _journal(path: Path) -> str:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA journal_mode").fetchone()[0]


def test_nothing_is_said_of_copies_where_there_is_nothing_to_lose(empty_address: str) -> None:
    with capture_logs() as logs:
        bring_up_to_date(empty_address, alone=True)
        bring_up_to_date(empty_address, alone=True)
    assert [line["event"] for line in logs] == ["database_migrated"]
