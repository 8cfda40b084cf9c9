"""How the connection to Discord's gateway stands."""

import math
from dataclasses import dataclass

import discord

from services.discord.calls import Caller
from services.discord.errors import DiscordUnavailable


@dataclass(frozen=True)
class ShardState:
    """A shard. `latency`: seconds from its last heartbeat to Discord's answer; None: there has been none yet."""

    id: int
    is_connected: bool
    latency: float | None


class GatewayState:
    """What the wrapper knows of the gateway, without a call."""

    call: Caller

    def is_connected(self) -> bool:
        """Tell whether all shards are connected and every guild has been told of."""
        shards = self.shards()
        return bool(shards) and all(shard.is_connected for shard in shards) and self.call.client.is_ready()

    def shards(self) -> tuple[ShardState, ...]:
        """Return the shards that have been begun so far; none once the client is closed."""
        client = self._client()
        if not isinstance(client, discord.AutoShardedClient):
            return ()
        return tuple(
            ShardState(shard.id, not shard.is_closed(), shard.latency if math.isfinite(shard.latency) else None)
            for shard in client.shards.values()
        )

    def shard_of(self, guild_id: int) -> ShardState | None:
        """Return the shard that serves a guild, None when that is not known."""
        client = self._client()
        guild = None if client is None else client.get_guild(guild_id)
        return None if guild is None else next((shard for shard in self.shards() if shard.id == guild.shard_id), None)

    def guild_count(self) -> int:
        """Return how many guilds this process serves."""
        client = self._client()
        return 0 if client is None else len(client.guilds)

    def _client(self) -> discord.Client | None:
        try:
            return self.call.client
        except DiscordUnavailable:
            return None
