"""The schema that a snapshot of some revision has: what our own migrations make of an empty file."""

import re
import sqlite3
import tempfile
import threading
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import URL

from db import migrate
from db.models import processes

Schema = frozenset[tuple[str, str, str, str | None]]
"""Type, name, table and statement of everything that a SQLite file holds."""

# Alembic keeps what it works on in globals.
_alembic = threading.Lock()


def address_of(path: Path) -> str:
    """Return the address of a SQLite file, whatever characters its name has."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def bring_to(path: Path, revision: str) -> None:
    """Migrate a SQLite file. Raises what its content makes the migrations raise."""
    with _alembic:
        migrate.upgrade(address_of(path), revision)


@cache
def empty_file(revision: str) -> bytes:
    """Return a SQLite file of a revision, without rows."""
    with tempfile.TemporaryDirectory(prefix="greenlight-") as folder:
        path = Path(folder) / "empty.db"
        bring_to(path, revision)
        return path.read_bytes()


@cache
def expected_schema(revision: str) -> Schema:
    """Return the schema of a snapshot of a revision."""
    with tempfile.TemporaryDirectory(prefix="greenlight-") as folder:
        path = Path(folder) / "empty.db"
        path.write_bytes(empty_file(revision))
        with closing(sqlite3.connect(path)) as connection:
            return read_schema(connection, "main")


def read_schema(connection: sqlite3.Connection, database: str) -> Schema:
    """Return what an attached database holds; spaces and quotes, which another version may put elsewhere, are left out."""
    rows = connection.execute(f"SELECT type, name, tbl_name, sql FROM {database}.sqlite_master")
    return frozenset((str(kind), str(name), str(table), _plain(sql)) for kind, name, table, sql in rows)


def table_columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the tables of the main database that hold rows of ours, with their columns."""
    rows = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    others = {"alembic_version", *processes.tables}
    names = sorted(name for (name,) in rows if name not in others and not name.startswith("sqlite_"))
    return {name: [row[1] for row in connection.execute(f'PRAGMA main.table_info("{name}")')] for name in names}


def _plain(sql: object) -> str | None:
    return None if sql is None else re.sub(r'[\s"]+', "", str(sql))
