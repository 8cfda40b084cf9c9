"""Hold shards: take those that nobody serves, say every few seconds that this process lives, stand by while there are none."""

import asyncio
import contextlib
import os
import socket
import time
import uuid
from collections.abc import Callable, Sequence

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.version import version
from db.alone import keep_others_out
from db.engine import Database
from db.leases import FREED, GUILD, LeaseConnection, LeaseConnectionLost, Periods, holds, is_held, tell_others
from db.locks import take_turn
from db.models import Guild
from facades.shards import Shards, ShardsLost, ShardsState

log = structlog.get_logger()

PERIODS = Periods()
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 3.0
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC) if hasattr(time, "CLOCK_MONOTONIC") else None


def seconds() -> float:
    """Return seconds that go on while the machine sleeps, where the system has such a clock."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


def new_name() -> str:
    """Make the name of a process, by which its connections to the database are found."""
    return f"greenlight-{uuid.uuid4().hex}"


class HeldShards(Shards):
    """The shards of a process that shares a PostgreSQL database with others.

    `recommended`: how many shards Discord recommends, known before `run`. `may_take`: tells whether more shards can be opened
    now; `taken` is called with them, `heard` with a guild in which another process has changed something, `fresh_again` when the
    process may act again after it might not, and `gone` when other processes have shards of this one.
    """

    def __init__(self, database: Database, name: str, *, wanted: int | None, capacity: int | None) -> None:
        self.name = name
        self.recommended = 1
        self.may_take: Callable[[], bool] = lambda: not self._fences
        self.taken: Callable[[Sequence[int]], object] = lambda shards: None
        self.heard: Callable[[int], object] = lambda guild_id: None
        self.fresh_again: Callable[[], object] = lambda: None
        self.gone: Callable[[], object] = lambda: None
        self.is_lost = False
        self._first = asyncio.Event()
        self._database, self._periods = database, PERIODS
        self._wanted, self._capacity = wanted, capacity
        self._fences: dict[int, int] = {}
        self._count: int | None = None
        self._other_count: int | None = None
        self._renewed: float | None = None
        self._is_connected = False
        self._backend = 0
        self._running: asyncio.Task[None] | None = None

    # What the rest of the bot asks

    def is_fresh(self) -> bool:
        """Tell whether the process may act: it was heard of lately, and others leave its shards alone so long."""
        heard = self._is_connected and not self.is_lost and self._renewed is not None
        return heard and seconds() - (self._renewed or 0.0) < self._periods.fresh

    def shard_of(self, guild_id: int) -> int:
        """Return the shard of a guild."""
        return (guild_id >> 22) % (self._count or 1)

    def is_ours(self, guild_id: int) -> bool:
        """Tell whether this process may act for a guild now."""
        return self.shard_of(guild_id) in self._fences and self.is_fresh()

    async def check(self, session: AsyncSession, guild_id: int) -> None:
        """Raise `ShardsLost` unless what is written for a guild may be.

        A guild of another process is not refused: what the HTTP side writes there is not held back by who serves it.
        """
        if self.is_lost:
            raise ShardsLost
        shard_id = self.shard_of(guild_id)
        fence = self._fences.get(shard_id)
        if fence is not None and not await holds(session, self.name, shard_id, fence):
            raise ShardsLost

    async def tell_others(self, session: AsyncSession, guild_id: int) -> None:
        """Let whoever serves a guild know that something has changed there."""
        if self.shard_of(guild_id) not in self._fences:
            await tell_others(session, guild_id)

    async def is_served_elsewhere(self, session: AsyncSession, guild_id: int) -> bool:
        """Tell whether another process serves a guild, while this one serves others."""
        shard_id = self.shard_of(guild_id)
        if not self._fences or shard_id in self._fences or not self.is_fresh():
            return False
        known = select(Guild.guild_id).where(col(Guild.guild_id) == guild_id, col(Guild.left_at).is_(None))
        return (await session.exec(known)).first() is not None and await is_held(session, shard_id, self._periods)

    async def keep_others_out(self, session: AsyncSession) -> None:
        """Be the only process with shards until the transaction ends. Raises `OthersAtWork`."""
        await keep_others_out(session, self.name)

    def state(self) -> ShardsState:
        """Return how the shards stand."""
        return ShardsState(dict(self._fences), self._count, self._other_count, self.is_fresh())

    # What the bot does with it

    def start(self) -> None:
        """Begin to look for shards."""
        self._running = asyncio.create_task(self._run(), name="hold shards")

    async def first(self) -> tuple[list[int], int]:
        """Wait until there are shards for this process; return them, and how many there are of all processes."""
        await self._first.wait()
        assert self._count is not None
        return sorted(self._fences), self._count

    async def release(self) -> None:
        """Give the shards up, so that a process that stands by takes them at once."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def turn_to_identify(self, bucket: int) -> None:
        """Wait until Discord lets a shard of a bucket identify itself, whichever process opened the last one."""
        try:
            await take_turn(self._database, bucket, self._periods.identify)
        except Exception as error:  # noqa: BLE001 - whatever the database raises must not end the bot
            # Discord turns a shard away that comes too early, and the library comes again then.
            log.warning("turn_not_taken", bucket=bucket, reason=type(error).__name__)
            await asyncio.sleep(self._periods.identify)

    # How it is done

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                connection = await LeaseConnection.open(self._database, self.name, self._periods)
            except LeaseConnectionLost as error:
                log.warning("leases_not_reached", reason=str(error)[:200])
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
                continue
            pause = FIRST_PAUSE
            try:
                await self._use(connection)
            except LeaseConnectionLost as error:
                log.warning("lease_connection_lost", reason=str(error)[:200])
            except asyncio.CancelledError:
                with contextlib.suppress(LeaseConnectionLost):
                    await connection.release()
                raise
            finally:
                self._is_connected = False
                await connection.close()
            await asyncio.sleep(pause)

    async def _use(self, connection: LeaseConnection) -> None:
        begun = seconds()
        await connection.announce(f"{socket.gethostname()}:{os.getpid()}", version(), self._capacity)
        if self.is_lost or not await connection.regain(self._fences, self._backend):
            self._give_up()
            # The end of the bot gives back what is left.
            await asyncio.Event().wait()
        # After a break, those that the others' shards belong to come back first.
        is_back, self._backend = self._backend != 0, connection.backend
        self._note_renewal(begun)
        while True:
            if not is_back:
                await self._take(connection)
            is_back = False
            await self._listen(connection)
            begun = seconds()
            await connection.renew()
            self._note_renewal(begun)

    def _note_renewal(self, begun: float) -> None:
        was_fresh = self.is_fresh()
        self._renewed, self._is_connected = begun, True
        if not was_fresh:
            self.fresh_again()

    def _give_up(self) -> None:
        if not self.is_lost:
            log.warning("shards_lost", shards=sorted(self._fences))
            self.is_lost = True
            self.gone()

    async def _take(self, connection: LeaseConnection) -> None:
        if not self._fences and not await self._agree(connection):
            return
        assert self._count is not None
        room = (self._count if self._capacity is None else self._capacity) - len(self._fences)
        if room <= 0 or len(self._fences) == self._count or not self.may_take():
            return
        taken = await connection.take_free(self._count, room)
        if not taken:
            return
        log.info("shards_taken", shards=sorted(taken), of=self._count)
        is_first = not self._fences
        self._fences |= taken
        if is_first:
            self._first.set()
        else:
            self.taken(sorted(taken))

    async def _agree(self, connection: LeaseConnection) -> bool:
        agreement = await connection.agree(self._wanted, self.recommended)
        before, self._count = self._other_count, agreement.count
        self._other_count = agreement.in_use if agreement.count is None else None
        if self._other_count is not None and before is None:
            log.warning(
                "another_shard_count",
                wanted=self._wanted or self.recommended,
                in_use=self._other_count,
                reason="the other processes have to stop before this one can work with its number",
            )
        return self._count is not None

    async def _listen(self, connection: LeaseConnection) -> None:
        """Pass on what is heard until it is time to say again that this process lives, or shards were freed."""
        until = seconds() + self._periods.renew
        while (left := until - seconds()) > 0:
            for said in await connection.news(left):
                if said.startswith(GUILD):
                    self.heard(int(said.removeprefix(GUILD)))
                elif said == FREED:
                    return
