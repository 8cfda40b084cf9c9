"""The settings of guilds, kept in memory by the process that serves them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection

from config.guild_settings import GuildSettings
from db.engine import Database
from facades.load_guild_settings import load_guild_settings, load_settings_of
from util.metrics import Metrics


class GuildCache:
    """Loads a guild's settings once and forgets them when they change."""

    def __init__(self, database: Database, metrics: Metrics | None = None) -> None:
        self._database = database
        requests = (metrics or Metrics()).cache
        self._hits, self._misses = requests.labels("hit"), requests.labels("miss")
        self._known: dict[int, GuildSettings] = {}
        self._loading: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._generation: defaultdict[int, int] = defaultdict(int)

    def __len__(self) -> int:
        return len(self._known)

    async def get(self, guild_id: int) -> GuildSettings:
        """Return a guild's settings."""
        known = self._known.get(guild_id)
        if known is not None:
            self._hits.inc()
            return known
        self._misses.inc()
        async with self._loading[guild_id]:
            while (known := self._known.get(guild_id)) is None:
                generation = self._generation[guild_id]
                async with self._database.reading() as session:
                    loaded = await load_guild_settings(session, guild_id)
                # A change that was committed while we read would otherwise be hidden by what we read.
                if generation == self._generation[guild_id]:
                    self._known[guild_id] = loaded
        return known

    async def load_ahead(self, guild_ids: Collection[int]) -> None:
        """Load the settings of many guilds at once, for whoever is about to ask for each of them."""
        before = {guild_id: self._generation[guild_id] for guild_id in guild_ids}
        async with self._database.reading() as session:
            loaded = await load_settings_of(session, guild_ids)
        for guild_id, settings in loaded.items():
            if self._generation[guild_id] == before[guild_id]:
                self._known.setdefault(guild_id, settings)

    def drop(self, guild_id: int) -> None:
        """Forget a guild's settings, because they have changed."""
        self._generation[guild_id] += 1
        self._known.pop(guild_id, None)

    def drop_all(self) -> None:
        """Forget everything, because the database was replaced."""
        # Also what is just being read: it may be from before.
        for guild_id in {*self._known, *self._loading}:
            self.drop(guild_id)
