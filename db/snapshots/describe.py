"""Count what the SQLite file of a snapshot holds."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

from db.snapshots.manifest import GuildRows
from db.snapshots.schema import table_columns


@dataclass(frozen=True)
class Content:
    """What there is, by table and by guild."""

    rows: dict[str, int]
    guilds: tuple[GuildRows, ...]


def count_rows(connection: sqlite3.Connection) -> Content:
    """Count the rows of the main database; tables without rows are left out."""
    rows, by_guild = Counter[str](), Counter[int]()
    for table in table_columns(connection):
        for guild_id, count in connection.execute(f'SELECT guild_id, count(*) FROM main."{table}" GROUP BY guild_id'):
            rows[table] += count
            by_guild[guild_id] += count
    names = dict(connection.execute("SELECT guild_id, name FROM main.guild"))
    # What belongs to no guild in particular stands under 0.
    guilds = [GuildRows(guild_id, names.get(guild_id, ""), count) for guild_id, count in by_guild.items() if guild_id != 0]
    return Content(dict(sorted(rows.items())), tuple(sorted(guilds, key=lambda guild: guild.guild_id)))
