"""The processes of the bot that share a PostgreSQL database, and which of them serves which guilds. SQLite has one process.

These tables are about the machinery and hold nothing of any guild: they have a registry of their own, so that snapshots, exports
and whatever else goes through all tables leave them alone.
"""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

from db.models.base import NAMING
from db.types import UtcDateTime

processes = MetaData(naming_convention=NAMING)

shard_lease = Table(
    "shard_lease",
    processes,
    Column("shard_id", Integer, primary_key=True, autoincrement=False),
    Column("shard_count", Integer, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("holder", String(48)),
    Column("taken_at", UtcDateTime()),
)
"""Who serves a shard. `fence` grows with each taking: whoever has an older number may write nothing for its guilds any more.

Every transaction of the holder locks the row, so nothing that changes while a process lives stands in it. Rows from `shard_count`
on are left from when there were more.
"""

bot_process = Table(
    "bot_process",
    processes,
    Column("id", String(48), primary_key=True),
    Column("place", String(200), nullable=False),
    Column("release", String(64), nullable=False),
    Column("capacity", Integer),
    Column("started_at", UtcDateTime(), nullable=False),
    Column("renewed_at", UtcDateTime(), nullable=False),
)
"""A process that works, or stands by. `renewed_at` is by the database's clock; an old one belongs to a dead or frozen process.

`place`: the machine and the process's number there, for people. `capacity`: how many shards it takes; null: all.
"""
