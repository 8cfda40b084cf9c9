"""What stands in the bot's database, read past the bot."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(folder: Path, table: str, guild_id: int, columns: str = "*", order: str = "1") -> list[tuple[Any, ...]]:
    """Return a guild's rows of a table."""
    with closing(sqlite3.connect(folder / "bot.db", timeout=10)) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} WHERE guild_id = ? ORDER BY {order}", (guild_id,)).fetchall()
