"""What stands in the bot's database, read past the bot: SQLite or PostgreSQL."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import make_url

JSON = frozenset({"payload", "fields"})


class Records:
    """Rows of one guild."""

    def __init__(self, address: str, guild_id: int) -> None:
        self._url = make_url(address)
        self._guild_id = guild_id

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self._url.get_backend_name() == "sqlite"

    @contextlib.contextmanager
    def connection(self) -> Iterator[Any]:
        """Open a connection of our own."""
        if self.is_sqlite:
            with contextlib.closing(sqlite3.connect(str(self._url.database), timeout=10, isolation_level=None)) as found:
                yield found
        else:
            with psycopg.connect(self._url.set(drivername="postgresql").render_as_string(hide_password=False)) as found:
                yield found

    def rows(self, table: str, columns: str = "*", order: str = "1") -> list[tuple[Any, ...]]:
        """Return the guild's rows of a table; JSON columns come as values."""
        mark = "?" if self.is_sqlite else "%s"
        statement = f"SELECT {columns} FROM {table} WHERE guild_id = {mark} ORDER BY {order}"
        with self.connection() as connection:
            found = connection.execute(statement, (self._guild_id,)).fetchall()
        names = [name.strip() for name in columns.split(",")]
        return [
            tuple(
                json.loads(value) if name in JSON and isinstance(value, str) else value
                for name, value in zip(names, row, strict=True)
            )
            for row in found
        ]

    def owed(self) -> int:
        """Return how much is owed to Discord; -1 while the database does not say."""
        try:
            [(count,)] = self.rows("delivery", "count(*)")
        except (sqlite3.Error, psycopg.Error):
            return -1
        return int(count)
