"""The bot's parts in one place: what every facade is given first."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from config.guild_settings import GuildSettings
from config.settings import Settings, StageParameters
from db.engine import Database
from facades.delivery.due_backlog import DueBacklog
from facades.delivery.failure_notices import FailureNotices
from facades.gate import Gate
from facades.guild_cache import GuildCache
from facades.load_guild_settings import load_guild_settings
from facades.rendering import Renderer
from facades.shards import Shards
from facades.transaction import Transaction
from services.charts import ChartService
from services.clock import Clock
from services.discord import DiscordService
from services.geometry_dash import GeometryDash
from services.sentry import Sentry
from util.metrics import Metrics


async def _nothing_to_sync(guild_id: int) -> bool:
    """Stand in until the bot has put in its own."""
    return True


def _unheard() -> None:
    """Stand in until the bot has put in its own."""


async def _nowhere() -> str | None:
    """Stand in until the bot has put in its own."""
    return None


@dataclass
class App:
    """The running bot without Discord's objects.

    `deliveries_due` is set whenever something new is owed, `fresh_streams` are those (guild and name) that have got it.
    `commands_changed` is called with a guild after texts or modules changed there, so that the guild's commands are synced, and
    tells whether Discord took them (it is tried again where not); `bot.py` puts it in. `command_ids`: Discord's ids of guilds'
    commands by their names, as far as this process has come to know them. `reported_errors`: when maintainers were last told of
    an error. `listen` makes the HTTP side listen, unless it does already, and returns its address; `bot.py` puts it in;
    `listen_no_more` begins to end that where nobody could use it any more. `actions` and `deliveries` are shut for a guild
    while its rows are being replaced. `tracker`: where errors are also sent. `failure_notices`: which servers were told lately
    of what could not be delivered. `shards`: which guilds it may act for. `looking`: the look at the backlog that is on its
    way. `serving`: the tasks that serve interactions; once `stopping`, no more are accepted.
    """

    settings: Settings
    stage: StageParameters
    database: Database
    clock: Clock
    game: GeometryDash
    discord: DiscordService
    renderer: Renderer
    charts: ChartService = field(default_factory=ChartService)
    shards: Shards = field(default_factory=Shards)
    guilds: GuildCache = field(init=False)
    actions: Gate = field(default_factory=Gate, init=False)
    deliveries: Gate = field(default_factory=Gate, init=False)
    deliveries_due: asyncio.Event = field(default_factory=asyncio.Event)
    fresh_streams: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]], init=False)
    command_ids: dict[int, dict[str, int]] = field(default_factory=dict[int, dict[str, int]], init=False)
    reported_errors: dict[str, datetime] = field(default_factory=dict[str, datetime], init=False)
    _locks: dict[tuple[int, str], asyncio.Lock] = field(default_factory=dict[tuple[int, str], asyncio.Lock], init=False)
    commands_changed: Callable[[int], Awaitable[bool]] = field(default=_nothing_to_sync)
    listen: Callable[[], Awaitable[str | None]] = field(default=_nowhere)
    listen_no_more: Callable[[], None] = field(default=_unheard)
    metrics: Metrics = field(default_factory=Metrics)
    tracker: Sentry | None = None
    looking: asyncio.Task[DueBacklog] | None = field(default=None, init=False)
    failure_notices: FailureNotices = field(default_factory=FailureNotices, init=False)
    serving: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]], init=False)
    stopping: bool = field(default=False, init=False)
    started_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Make the parts that need other parts."""
        self.guilds = GuildCache(self.database, self.metrics)
        self.started_at = self.clock.now()

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock.now()

    def lock(self, guild_id: int, purpose: str) -> asyncio.Lock:
        """Return the lock for what must not run twice at once in a guild; one process serves a guild, so it is enough."""
        return self._locks.setdefault((guild_id, purpose), asyncio.Lock())

    async def guild(self, guild_id: int) -> GuildSettings:
        """Return a guild's settings: from memory when they were used before, unless another process may be changing them."""
        if self.shards.is_ours(guild_id):
            return await self.guilds.get(guild_id)
        async with self.reading() as session:
            return await load_guild_settings(session, guild_id)

    @contextlib.asynccontextmanager
    async def transaction(self, guild_id: int) -> AsyncGenerator[Transaction]:
        """Open the one transaction of an action; leaving the block commits, then caches are dropped and the worker is woken.

        Raises `ShardsLost` when another process has taken the guild over.
        """
        async with self.actions.inside(guild_id):
            settings = await self.guild(guild_id)
            async with self.writing(guild_id) as session:
                tx = Transaction(session, settings, self.now())
                yield tx
                await tx.finish()
                if tx.owes or tx.settings_changed:
                    await self.shards.tell_others(session, guild_id)
            if tx.settings_changed:
                self.guilds.drop(guild_id)
        if tx.owes:
            self.fresh_streams.update((guild_id, stream) for stream in tx.streams)
            self.deliveries_due.set()

    @contextlib.asynccontextmanager
    async def writing(self, guild_id: int) -> AsyncGenerator[AsyncSession]:
        """Open a transaction that writes something of a guild beside any action, such as what became of a message.

        Raises `ShardsLost` when another process has taken the guild over.
        """
        async with self.database.transaction() as session:
            await self.shards.check(session, guild_id)
            yield session

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """Open a session for queries that change nothing."""
        async with self.database.reading() as session:
            yield session
