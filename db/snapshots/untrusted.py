"""Take rows out of a SQLite file that may be anything. No statement that stands in the file is ever run."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from db.snapshots.errors import BadSnapshot, Refusal
from db.snapshots.schema import Schema, empty_file, expected_schema, read_schema, table_columns
from db.snapshots.work import Guard

LONGEST_VALUE: Final = 1 << 20
"""Bytes of a value, and of a row; what the bot writes is far shorter."""
_TOO_BIG: Final = sqlite3.SQLITE_TOOBIG
_DEFENSIVE: Final = 1010
"""SQLite's `SQLITE_DBCONFIG_DEFENSIVE`."""
_ALLOWED: Final = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_TRANSACTION,
}
_ALLOWED_PRAGMAS: Final = {"integrity_check", "table_info"}


def copy_rows(source: Path, target: Path, revision: str, guard: Guard) -> None:
    """Copy a file's rows into a new one that our migrations have made, so that our constraints hold. Raises `BadSnapshot`."""
    target.write_bytes(empty_file(revision))
    try:
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
            _be_careful(connection, guard)
            connection.execute("ATTACH ? AS given", (f"{source.as_uri()}?mode=ro&immutable=1",))
            _compare(read_schema(connection, "given"), expected_schema(revision))
            connection.set_authorizer(_allow)
            _check_pages(connection)
            _copy(connection)
    except sqlite3.Error as error:
        # A statement that was interrupted: by whom?
        guard.check()
        raise _refusal(error) from error
    except UnicodeDecodeError as error:
        # Python could not even read the name that SQLite complains of.
        raise BadSnapshot(Refusal.DAMAGED, "its database is damaged") from error


def _be_careful(connection: sqlite3.Connection, guard: Guard) -> None:
    guard.watch(connection)
    # Python has it since 3.12.
    configure = getattr(connection, "setconfig", None)
    if configure is not None:
        configure(_DEFENSIVE, True)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "journal_mode=OFF", "synchronous=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    for limit, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
        (sqlite3.SQLITE_LIMIT_ATTACHED, 1),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):
        connection.setlimit(limit, most)


def _compare(found: Schema, expected: Schema) -> None:
    extra = sorted((kind, name) for kind, name, _, _ in found - expected)
    if extra:
        kind, name = extra[0]
        raise BadSnapshot(Refusal.FOREIGN_SCHEMA, f"it holds a {kind[:20]!a} {name[:60]!a} that is none of ours")
    missing = sorted((kind, name) for kind, name, _, _ in expected - found)
    if missing:
        raise BadSnapshot(Refusal.FOREIGN_SCHEMA, f"it lacks the {missing[0][0]} {missing[0][1]}")


def _allow(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    if trigger is not None:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_DELETE:
        return sqlite3.SQLITE_OK if first == "sqlite_sequence" and database == "main" else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_INSERT:
        return sqlite3.SQLITE_OK if database == "main" else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in _ALLOWED_PRAGMAS else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _check_pages(connection: sqlite3.Connection) -> None:
    said = [row[0] for row in connection.execute("PRAGMA given.integrity_check(1)")]
    if said != ["ok"]:
        raise BadSnapshot(Refusal.DAMAGED, "its database is damaged")


def _copy(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for table, columns in table_columns(connection).items():
        # Columns by name: `*` would let SQLite move rows without looking at them.
        names = ", ".join(f'"{name}"' for name in columns)
        connection.execute(f'INSERT INTO main."{table}" ({names}) SELECT {names} FROM given."{table}"')
    tables = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    highest = dict[str, int](connection.execute("SELECT name, seq FROM main.sqlite_sequence"))
    for name, number in connection.execute("SELECT name, seq FROM given.sqlite_sequence").fetchall():
        if name not in tables or type(number) is not int or number < 0:
            raise BadSnapshot(Refusal.WRONG_VALUE, "its numbering of rows is none of ours")
        highest[name] = max(number, highest.get(name, 0))
    connection.execute("DELETE FROM main.sqlite_sequence")
    connection.executemany("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", highest.items())
    connection.execute("COMMIT")


def _refusal(error: sqlite3.Error) -> BadSnapshot:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == _TOO_BIG:
        return BadSnapshot(Refusal.TOO_LARGE, f"it holds a value of more than {LONGEST_VALUE} bytes")
    if isinstance(error, sqlite3.IntegrityError):
        return BadSnapshot(Refusal.WRONG_VALUE, f"a row breaks a rule of the database ({error})")
    return BadSnapshot(Refusal.DAMAGED, f"its database cannot be read ({type(error).__name__})")
