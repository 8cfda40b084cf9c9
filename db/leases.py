"""Leases of shards in PostgreSQL: an advisory lock says who lives, a number that grows says who is late.

The locks are held by a connection of their own: it ends with its process, and whoever takes over from a frozen one ends it.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from db.engine import Database

LOCKS: Final = 1_196_180_300
"""The class of our advisory locks; any number that nothing else in the database takes. The second number is the shard's."""
REPLACING: Final = -1
"""The lock of whoever puts other rows in the place of the whole database: nobody takes a shard meanwhile."""
CHANNEL: Final = "greenlight"
FREED: Final = "freed"
"""The news that shards were given up."""
GUILD: Final = "guild "
"""The beginning of the news that something changed in a guild; its id follows."""
_STATEMENT: Final = 5.0
"""Seconds that any statement here may take; the database does not answer otherwise."""
_LOOKS: Final = 50
_BETWEEN_LOOKS: Final = 0.02
"""Seconds; in so many looks together, a connection that was told to end is gone."""


class LeaseConnectionLost(Exception):
    """The connection has ended, or does not answer: the locks may be gone."""


class OthersAtWork(Exception):
    """Other processes work with the database; `places` are where. The message is a sentence without a full stop."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(f"The bot works with the database ({', '.join(places)}): stop all its processes first")
        self.places = tuple(places)


@dataclass(frozen=True)
class Periods:
    """Seconds. `renew`: so often a process says that it lives, and looks for free shards.

    `fresh`: for so long after that it may act. `lapsed`: from then on others take its shards, however much alive it seems; more
    than `fresh`, so that it knows first. `grace`: so long others leave shards alone whose lock is gone while their process has
    other connections: it will come back for them. `identify`: so long between two shards of a bucket, as Discord wants it.
    """

    renew: float = 3.0
    fresh: float = 12.0
    lapsed: float = 18.0
    grace: float = 6.0
    identify: float = 5.0


@dataclass(frozen=True)
class Agreement:
    """How many shards there are. `count` None: another number is in use, `in_use`, and holds for as long as it is."""

    count: int | None
    in_use: int | None


@dataclass(frozen=True)
class _Shard:
    """A shard as another process may find it. `holder` None: nobody's. `is_late`: the holder has not been heard of for long."""

    id: int
    holder: str | None
    is_late: bool
    is_overdue: bool


class LeaseConnection:
    """A process's connection for its leases. All methods raise `LeaseConnectionLost`; it is of no more use then."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]], name: str, periods: Periods) -> None:
        self._connection = connection
        self._name = name
        self._periods = periods
        self.backend = connection.info.backend_pid

    @classmethod
    async def open(cls, database: Database, name: str, periods: Periods) -> "LeaseConnection":
        """Connect as a process; `name` is what all its connections are called in the database."""
        options: dict[str, Any] = database.connect_options() | {"application_name": name, "connect_timeout": 5}
        try:
            async with asyncio.timeout(_STATEMENT * 2):
                connection = await psycopg.AsyncConnection.connect(**options, autocommit=True)
                made = cls(connection, name, periods)
                # Nobody may be kept waiting by a lock that a frozen process holds.
                await made._run("SET lock_timeout = '2s'")
                await made._run(f"LISTEN {CHANNEL}")
        except (psycopg.Error, OSError, TimeoutError) as error:
            raise LeaseConnectionLost(str(error)) from error
        return made

    async def announce(self, place: str, release: str, capacity: int | None) -> None:
        """Say that this process is there, and forget those of which nothing was heard for long."""
        await self._run(
            "INSERT INTO bot_process (id, place, release, capacity, started_at, renewed_at)"
            " VALUES (%s, %s, %s, %s, clock_timestamp(), clock_timestamp())"
            " ON CONFLICT (id) DO UPDATE SET renewed_at = clock_timestamp()",
            self._name,
            place[:200],
            release[:64],
            capacity,
        )
        await self._run("DELETE FROM bot_process WHERE renewed_at < clock_timestamp() - interval '1 hour'")

    async def renew(self) -> None:
        """Say that this process lives."""
        await self._run("UPDATE bot_process SET renewed_at = clock_timestamp() WHERE id = %s", self._name)

    async def agree(self, wanted: int | None, recommended: int) -> Agreement:
        """Settle how many shards there are: `wanted`, else what is in use, but no fewer than Discord recommends.

        The number changes only while nobody holds a shard.
        """
        [(stored,)] = await self._run("SELECT max(shard_count) FROM shard_lease")
        count = wanted or max(stored or 0, recommended)
        if stored == count:
            return Agreement(count, stored)
        if stored is not None and (await self._end_overdue() or await self._locked_by_others()):
            return Agreement(stored if wanted is None else None, stored)
        async with self._transaction():
            # Whoever is just taking a shard waits, and finds another number then.
            await self._run("LOCK TABLE shard_lease IN SHARE ROW EXCLUSIVE MODE")
            if await self._locked_by_others():
                return Agreement(None, stored)
            await self._run("UPDATE shard_lease SET shard_count = %s, fence = fence + 1, holder = NULL", count)
            await self._run(
                "INSERT INTO shard_lease (shard_id, shard_count, fence) SELECT id, %s, 0 FROM generate_series(0, %s - 1) AS id"
                " ON CONFLICT DO NOTHING",
                count,
                count,
            )
        return Agreement(count, stored)

    async def take_free(self, count: int, most: int) -> dict[int, int]:
        """Take up to so many shards that nobody serves; return their fences."""
        taken: dict[int, int] = {}
        for shard in await self._shards(count):
            if len(taken) >= most:
                break
            if shard.holder != self._name and await self._obtain(shard):
                fence = await self._fence(shard.id, count)
                if fence is None:
                    await self._unlock(shard.id)
                    break
                taken[shard.id] = fence
        return taken

    async def regain(self, fences: dict[int, int], former_backend: int) -> bool:
        """Lock the shards of this process again after its former connection broke; False when one belongs to another now."""
        # The database may not have noticed yet that the former connection is no more.
        await self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND application_name = %s AND pid <> %s",
            former_backend,
            self._name,
            self.backend,
        )
        for shard_id, fence in fences.items():
            if not await self._lock_soon(shard_id):
                return False
            held = "SELECT 1 FROM shard_lease WHERE shard_id = %s AND holder = %s AND fence = %s"
            if not await self._run(held, shard_id, self._name, fence):
                return False
        return True

    async def release(self) -> None:
        """Give everything up, so that others take it at once."""
        await self._run("UPDATE shard_lease SET holder = NULL WHERE holder = %s", self._name)
        await self._run("DELETE FROM bot_process WHERE id = %s", self._name)
        await self._run("SELECT pg_advisory_unlock_all()")
        await self._run("SELECT pg_notify(%s, %s)", CHANNEL, FREED)

    async def news(self, seconds: float) -> list[str]:
        """Wait until there is news, or so many seconds have passed; return it."""
        try:
            heard = self._connection.notifies(timeout=max(0.0, seconds), stop_after=1)
            return [notice.payload async for notice in heard]
        except (psycopg.Error, OSError) as error:
            raise LeaseConnectionLost(str(error)) from error

    async def close(self) -> None:
        """Disconnect; the locks go with it."""
        with contextlib.suppress(psycopg.Error, OSError):
            await self._connection.close()

    async def _shards(self, count: int) -> list[_Shard]:
        rows = await self._run(
            "SELECT lease.shard_id, lease.holder,"
            " coalesce(process.renewed_at < clock_timestamp() - make_interval(secs => %s), true),"
            " coalesce(process.renewed_at < clock_timestamp() - make_interval(secs => %s), true)"
            " FROM shard_lease AS lease LEFT JOIN bot_process AS process ON process.id = lease.holder"
            " WHERE lease.shard_count = %s AND lease.shard_id < %s ORDER BY lease.shard_id",
            self._periods.grace,
            self._periods.lapsed,
            count,
            count,
        )
        return [_Shard(*row) for row in rows]

    async def _obtain(self, shard: _Shard) -> bool:
        """Lock a shard where that is right, after ending what is left of a holder that is dead or frozen."""
        if not await self._try_lock(shard.id):
            if shard.holder is None or not shard.is_overdue:
                return False
            await self._end(shard.holder)
            return await self._lock_soon(shard.id)
        if shard.holder is None or not await self._connections_of(shard.holder):
            return True
        if not shard.is_late:
            await self._unlock(shard.id)
            return False
        # Frozen in the middle of a transaction it would hold the guilds' rows for ever.
        await self._end(shard.holder)
        return True

    async def _fence(self, shard_id: int, count: int) -> int | None:
        async with self._transaction():
            [(is_free,)] = await self._run("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", LOCKS, REPLACING)
            if not is_free:
                return None
            rows = await self._run(
                "UPDATE shard_lease SET fence = fence + 1, holder = %s, taken_at = clock_timestamp()"
                " WHERE shard_id = %s AND shard_count = %s RETURNING fence",
                self._name,
                shard_id,
                count,
            )
        return rows[0][0] if rows else None

    async def _end_overdue(self) -> bool:
        """End what is left of frozen holders; tell whether there is a holder of which something was heard lately."""
        rows = await self._run(
            "SELECT DISTINCT lease.holder, coalesce(process.renewed_at < clock_timestamp() - make_interval(secs => %s), true)"
            " FROM shard_lease AS lease LEFT JOIN bot_process AS process ON process.id = lease.holder"
            " WHERE lease.holder IS NOT NULL AND lease.holder <> %s",
            self._periods.lapsed,
            self._name,
        )
        alive = False
        for holder, is_overdue in rows:
            if is_overdue:
                await self._end(holder)
            elif await self._connections_of(holder):
                alive = True
        return alive

    async def _locked_by_others(self) -> bool:
        return bool(
            await self._run(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND pid <> %s"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                LOCKS,
                self.backend,
            )
        )

    async def _connections_of(self, holder: str) -> bool:
        return bool(await self._run("SELECT 1 FROM pg_stat_activity WHERE application_name = %s LIMIT 1", holder))

    async def _end(self, holder: str) -> None:
        """End all connections of a process and wait until they are gone."""
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        for _ in range(_LOOKS):
            if not await self._run(ending, holder):
                return
            await asyncio.sleep(_BETWEEN_LOOKS)

    async def _try_lock(self, shard_id: int) -> bool:
        [(locked,)] = await self._run("SELECT pg_try_advisory_lock(%s, %s)", LOCKS, shard_id)
        return bool(locked)

    async def _lock_soon(self, shard_id: int) -> bool:
        for _ in range(_LOOKS):
            if await self._try_lock(shard_id):
                return True
            await asyncio.sleep(_BETWEEN_LOOKS)
        return False

    async def _unlock(self, shard_id: int) -> None:
        await self._run("SELECT pg_advisory_unlock(%s, %s)", LOCKS, shard_id)

    @contextlib.asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[None]:
        try:
            async with self._connection.transaction():
                yield
        except (psycopg.Error, OSError) as error:
            raise LeaseConnectionLost(str(error)) from error

    async def _run(self, statement: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
        try:
            async with asyncio.timeout(_STATEMENT):
                cursor = await self._connection.execute(statement, values or None)
                return await cursor.fetchall() if cursor.description is not None else []
        except (psycopg.Error, OSError, TimeoutError) as error:
            raise LeaseConnectionLost(str(error)) from error


async def holds(session: AsyncSession, name: str, shard_id: int, fence: int) -> bool:
    """Tell whether a shard belongs to a process; until the transaction ends, nobody else can take it."""
    statement = text("SELECT 1 FROM shard_lease WHERE shard_id = :shard AND holder = :name AND fence = :fence FOR SHARE")
    connection = await session.connection()
    return (await connection.execute(statement, {"shard": shard_id, "name": name, "fence": fence})).first() is not None


async def tell_others(session: AsyncSession, guild_id: int) -> None:
    """Let the process that serves a guild know, once this transaction is committed, that something has changed there."""
    connection = await session.connection()
    await connection.execute(text("SELECT pg_notify(:channel, :news)"), {"channel": CHANNEL, "news": f"{GUILD}{guild_id}"})


async def is_held(session: AsyncSession, shard_id: int, periods: Periods) -> bool:
    """Tell whether a process that was heard of lately serves a shard."""
    statement = text(
        "SELECT 1 FROM shard_lease AS lease JOIN bot_process AS process ON process.id = lease.holder"
        " WHERE lease.shard_id = :shard AND process.renewed_at > clock_timestamp() - make_interval(secs => :lapsed)"
    )
    connection = await session.connection()
    return (await connection.execute(statement, {"shard": shard_id, "lapsed": periods.lapsed})).first() is not None
