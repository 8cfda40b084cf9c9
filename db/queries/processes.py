"""Queries of the processes that share a database, for people who look at them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Float, cast, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import bot_process, shard_lease


@dataclass(frozen=True)
class ProcessSeen:
    """A process of the bot. `silent`: for how many seconds nothing was heard of it; `fences`: its shards with their numbers."""

    place: str
    silent: float
    fences: dict[int, int]


@dataclass(frozen=True)
class ProcessesSeen:
    """All processes, and how many shards there are. `unserved`: those that nobody holds."""

    processes: Sequence[ProcessSeen]
    count: int
    unserved: tuple[int, ...]


async def look_at_processes(session: AsyncSession, lapsed: float) -> ProcessesSeen:
    """Return what is known of the processes that were heard of within so many seconds; PostgreSQL only."""
    connection = await session.connection()
    silent = cast(func.extract("epoch", func.clock_timestamp() - bot_process.c.renewed_at), Float)
    rows = (await connection.execute(select(bot_process.c.id, bot_process.c.place, silent).order_by(bot_process.c.place))).all()
    shards = (await connection.execute(select(shard_lease).order_by(shard_lease.c.shard_id))).mappings().all()
    shards = [shard for shard in shards if shard["shard_id"] < shard["shard_count"]]
    found = {
        name: ProcessSeen(
            place, float(seconds), {shard["shard_id"]: shard["fence"] for shard in shards if shard["holder"] == name}
        )
        for name, place, seconds in rows
        if seconds < lapsed
    }
    unserved = tuple(shard["shard_id"] for shard in shards if shard["holder"] not in found)
    return ProcessesSeen(tuple(found.values()), len(shards), unserved)
