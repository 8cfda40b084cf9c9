"""Copy rows as of one moment into an empty SQLite file: what SQLite can do by itself, and what PostgreSQL streams."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, create_engine, func, insert, null, select, text
from sqlalchemy.sql import Select

from db.engine import BUSY_TIMEOUT_MS
from db.snapshots.numbers import USED
from db.snapshots.policies import BLANKED, numbers_rows, saved_tables
from db.snapshots.schema import address_of
from db.snapshots.work import Guard

_BATCH = 500
"""Rows: few enough that the loop's thread gets its turn in between."""


def fill_from_sqlite(target: Path, source: Path, guild_id: int | None, guard: Guard) -> None:
    """Copy rows of a guild (None: all) from a SQLite database that others go on using; no row passes through Python."""
    with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        guard.watch(connection)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS live", (f"{source.absolute().as_uri()}?mode=rw",))
        # One transaction sees one state; in WAL mode it keeps nobody from writing.
        connection.execute("BEGIN")
        for table in saved_tables(guild_id):
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            values = ", ".join("NULL" if (table.name, column.name) in BLANKED else f'"{column.name}"' for column in table.columns)
            where = "" if guild_id is None else " WHERE guild_id = :guild"
            connection.execute(
                f'INSERT INTO main."{table.name}" ({names}) SELECT {values} FROM live."{table.name}"{where}', {"guild": guild_id}
            )
        numbers = [(name, highest) for name, highest in connection.execute("SELECT name, seq FROM live.sqlite_sequence")]
        _note_highest(connection, dict(numbers), guild_id)
        connection.execute("COMMIT")
        connection.execute("DETACH live")


def _note_highest(connection: sqlite3.Connection, highest: dict[str, int], guild_id: int | None) -> None:
    """Keep the highest number that each table ever used, so that no number is used again wherever this is loaded."""
    connection.execute("DELETE FROM main.sqlite_sequence")
    names = [table.name for table in saved_tables(guild_id) if numbers_rows(table)]
    rows = [(name, highest[name]) for name in names if highest.get(name)]
    connection.executemany("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", rows)


def fill_from_postgresql(target: Path, source: URL, guild_id: int | None, guard: Guard) -> None:
    """Copy rows of a guild (None: all) from PostgreSQL, batch by batch."""
    reader = create_engine(source, isolation_level="REPEATABLE READ", hide_parameters=True)
    writer = create_engine(address_of(target), hide_parameters=True)
    try:
        with reader.connect() as live, writer.connect() as copy:
            live.execute(text("SET TRANSACTION READ ONLY"))
            for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                copy.exec_driver_sql(f"PRAGMA {pragma}")
            for table in saved_tables(guild_id):
                _copy(live, copy, table, guild_id, guard)
            highest = {table.name: _highest(live, table) for table in saved_tables(guild_id) if numbers_rows(table)}
            copy.commit()
    finally:
        reader.dispose()
        writer.dispose()
    with closing(sqlite3.connect(target)) as connection, connection:
        _note_highest(connection, highest, guild_id)


def _copy(live: Connection, copy: Connection, table: Table, guild_id: int | None, guard: Guard) -> None:
    values = [null().label(column.name) if (table.name, column.name) in BLANKED else column for column in table.columns]
    query: Select[Any] = select(*values).select_from(table).order_by(*table.primary_key.columns)
    if guild_id is not None:
        query = query.where(table.c.guild_id == guild_id)
    for rows in live.execute(query, execution_options={"yield_per": _BATCH}).mappings().partitions():
        guard.check()
        copy.execute(insert(table), [dict(row) for row in rows])


def _highest(live: Connection, table: Table) -> int:
    sequence = live.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar_one()
    return int(live.execute(select(USED).select_from(text(sequence))).scalar_one())
