"""Which guilds this process may act for. A process that is alone acts for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from util.errors import Unavailable
from util.texts import Text


class ShardsLost(Unavailable):
    """Another process serves the guild now, or this one does not know whether it still does."""

    def __init__(self) -> None:
        super().__init__(Text.STATUS_RESTARTING)


@dataclass(frozen=True)
class ShardsState:
    """How the shards stand. `fences`: those of this process with their numbers; `count`: of all processes, None: not settled yet.

    `other_count`: the number of shards that others use while this process was told another one; it waits for that reason.
    `is_fresh`: the process was heard of lately, so it may act.
    """

    fences: Mapping[int, int]
    count: int | None
    other_count: int | None
    is_fresh: bool

    @property
    def is_standby(self) -> bool:
        """Tell whether the process waits for a shard."""
        return not self.fences


class Shards:
    """The shards of a process that shares its database with nobody: all."""

    is_lost = False
    """The shards belong to others now; the process has to start over."""

    def is_fresh(self) -> bool:
        """Tell whether the process may act on Discord at all."""
        return True

    def is_ours(self, guild_id: int) -> bool:
        """Tell whether this process may act for a guild now. Guild 0, what belongs to no guild, goes with the first shard."""
        return True

    async def check(self, session: AsyncSession, guild_id: int) -> None:
        """Raise `ShardsLost` unless what is written for a guild may be; nobody can take its shard before the transaction ends."""

    async def tell_others(self, session: AsyncSession, guild_id: int) -> None:
        """Let whoever serves a guild know that something has changed there, once the transaction is committed."""

    async def is_served_elsewhere(self, session: AsyncSession, guild_id: int) -> bool:
        """Tell whether another process serves a guild, while this one serves others."""
        return False

    async def keep_others_out(self, session: AsyncSession) -> None:
        """Be the only process with shards until the transaction ends. Raises `db.leases.OthersAtWork`."""

    def state(self) -> ShardsState | None:
        """Return how the shards stand; None where nothing is shared."""
        return None

    async def release(self) -> None:
        """Give the shards up."""
