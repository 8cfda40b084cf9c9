"""The discord.py bot: it connects to Discord, opens the app, loads the cogs and passes interactions on."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator, Coroutine, Iterable
from typing import Any, cast

import aiohttp
import discord
import structlog
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from api.server import ApiServer
from cogs import EXTENSIONS
from cogs.tree import GreenlightTree
from components.actions import dispatch
from components.boundary import Interaction
from components.cards.renderer import CardRenderer
from components.command_payload import CommandTree
from components.command_sync import CommandHashes, sync_guild_commands
from components.sharded_bot import ShardedBot
from config.settings import Settings, stage_parameters
from config.texts import catalogue
from config.version import version
from db.engine import Database
from facades.app import App
from facades.delivery.worker import DeliveryWorker
from facades.operations.guilds import guild_joined, guild_left
from facades.operations.hold_shards import HeldShards, new_name
from facades.operations.jobs import JobRunner
from facades.operations.look_at_guilds import look_at_guilds
from facades.operations.remove_old_snapshots import remove_old_snapshots
from facades.operations.report_error import report_error, reports_written
from facades.operations.resync_commands import schedule_resync
from facades.operations.watch_loop import watch_loop
from facades.panel.listening import is_listening_wanted
from facades.settings.setup_residue import remove_setup_residue
from facades.shards import Shards, ShardsLost
from services.clock import Clock
from services.discord import DiscordError, DiscordService
from services.discord.trace import counting
from services.geometry_dash import GeometryDash
from services.sentry import Sentry
from util.ending import in_time, wait_for_all
from util.memory import settle

log = structlog.get_logger()

DISCORD = "https://discord.com/api/v10"
API = "api"
"""The name of the part that answers HTTP."""
TIME_FOR_CHARTS = 3.0
"""Seconds that accepted interactions may still wait for charts; then they have to answer without."""
PATIENCE_AT_THE_END = 5.5
"""Seconds, those included, that accepted interactions, deliveries, jobs and HTTP calls may take to end by themselves."""
TIME_TO_CLOSE = 1.0
"""Seconds that closing any one connection may take. With the others, whatever hangs, it comes to less than nine."""
SETTLING = 0.5
"""Seconds for what was told to stop at once."""
INTENTS = discord.Intents(guilds=True, members=True)
# The bot does not speak; that it could not is nothing to warn of.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Greenlight(ShardedBot):
    """One process of the bot."""

    def __init__(self, app: App, *, guild_ready_timeout: float = 2.0) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=GreenlightTree,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=guild_ready_timeout,
            shard_count=app.settings.shard_count,
            http_trace=counting(app.metrics),
        )
        self.app = app
        app.discord.attach(self)
        app.discord.call.may_act = app.shards.is_fresh
        self.worker = DeliveryWorker(app)
        self.jobs = JobRunner(app)
        self.api = ApiServer(app)
        self._api_lock = asyncio.Lock()
        self._running: list[asyncio.Task[None]] = []
        self.failure: BaseException | None = None
        self.is_cancelled = False
        self._ending: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        """Load the cogs and start what runs beside the gateway."""
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        self.app.commands_changed = self._commands_changed
        # A folder that cannot be read is the job's to report.
        with contextlib.suppress(OSError):
            await remove_old_snapshots(self.app)
        self.app.listen = self._listen
        self.app.listen_no_more = lambda: self._begin("end of api", self._fall_silent())
        if await is_listening_wanted(self.app):
            await self._listen()
        self._watching = asyncio.create_task(watch_loop(self.app), name="watch the loop")
        self._begin("deliveries", self._when_ready(self.worker.run))
        self._begin("jobs", self._when_ready(self.jobs.run))
        if isinstance(self.app.shards, HeldShards):
            self.app.shards.heard, self.app.shards.gone = self._heard, self._end_once
            # What is owed was passed over while it was not sure whose it is.
            self.app.shards.fresh_again = self.app.deliveries_due.set
            await self.hold(self.app.shards, lambda: self.app.stopping)

    def _heard(self, guild_id: int) -> None:
        """Take note that another process has changed something in a guild, for example owes it a message."""
        self.app.guilds.drop(guild_id)
        self.app.deliveries_due.set()

    def _begin(self, name: str, part: Coroutine[Any, Any, None]) -> None:
        """Run a part of the process beside the others."""
        task = asyncio.create_task(part, name=name)
        self._running.append(task)
        task.add_done_callback(self._part_ended)

    async def _listen(self) -> str | None:
        """Answer HTTP from now on, if that has not begun yet, and return the address. Raises `CannotListen`."""
        async with self._api_lock:
            if self.api.address is None:
                await self.api.prepare()
                self.api.open()
                self._begin(API, self.api.run())
            return self.api.address

    async def _fall_silent(self) -> None:
        """Answer HTTP no more when nobody could use it: the last token was revoked, and no port was named on purpose."""
        async with self._api_lock:
            if self.api.address is not None and not await is_listening_wanted(self.app):
                await self.api.stop()
                log.info("listening_no_more")

    def _part_ended(self, task: asyncio.Task[None]) -> None:
        """End the process when one of its parts has failed: whoever looks after it starts it anew, and nothing is lost."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("part_failed", part=task.get_name(), exc_info=error)
            self.failure = self.failure or error
            self._end_once()

    async def _when_ready(self, run: Any) -> None:
        await self.wait_until_ready()
        await run()

    async def _commands_changed(self, guild_id: int, *, force: bool = False) -> bool:
        """Sync a guild's commands; where Discord does not take them, a job tries again, for the change itself stands."""
        try:
            await sync_guild_commands(self.app, self.tree, guild_id, force=force)
        except DiscordError as error:
            log.error("commands_not_synced", guild=guild_id, reason=str(error))
            await schedule_resync(self.app, guild_id=guild_id)
            return False
        return True

    def serves(self, guild_id: int) -> bool:
        """Tell whether this stage serves a guild at all."""
        return not self.app.stage.guilds or guild_id in self.app.stage.guilds

    async def on_ready(self) -> None:
        """Bring every guild's row and commands up to date."""
        await self._take_in_all(list(self.guilds))
        log.info("ready", user=str(self.user), guilds=len(self.guilds))

    async def on_shard_ready(self, shard_id: int) -> None:
        """Bring the guilds of a shard up to date that was opened, or had to begin anew, after the others."""
        if not self.is_ready():
            return
        await self._take_in_all([guild for guild in self.guilds if guild.shard_id == shard_id])
        self.app.deliveries_due.set()
        log.info("shard_ready", shard=shard_id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take a new guild in."""
        await self._take_in(guild, is_new=True)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remember that the bot is no longer there; nothing of the guild is deleted."""
        await guild_left(self.app, guild_id=guild.id)

    async def _take_in_all(self, guilds: Iterable[discord.Guild]) -> None:
        """Take in the guilds in which anything has changed, and remove what was left over in some."""
        served = [guild for guild in guilds if self.serves(guild.id)]
        known = await look_at_guilds(self.app, [guild.id for guild in served])
        hashes = CommandHashes(self.tree)
        for guild in served:
            last = known.get(guild.id)
            in_place = last is not None and last.name == guild.name and not last.is_left
            if last is None or not in_place or last.command_hash != hashes.of(await self.app.guild(guild.id)):
                await self._take_in(guild)
            else:
                # Others may be waiting meanwhile.
                await asyncio.sleep(0)
        for guild in served:
            if (last := known.get(guild.id)) is not None and last.has_residue:
                await remove_setup_residue(self.app, guild_id=guild.id)

    async def _take_in(self, guild: discord.Guild, *, is_new: bool = False) -> None:
        if not self.serves(guild.id):
            return
        language = catalogue().language_of_locale(guild.preferred_locale.value)
        await guild_joined(self.app, guild_id=guild.id, name=guild.name, language=language)
        # Discord forgets the commands of a guild that threw the bot out.
        await self._commands_changed(guild.id, force=is_new)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Pass clicks and submitted forms on; the command tree takes the commands itself."""
        if interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            await dispatch(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Report what an event listener raised."""
        error = sys.exception()
        if error is not None and not isinstance(error, ShardsLost):
            await self._report(error, f"event:{event_method}")

    async def _report(self, error: BaseException, where: str) -> None:
        await report_error(self.app, error, where=where, guild_id=None, user_id=None, options={})

    async def close(self) -> None:
        """Finish what was accepted, then disconnect; what is still owed stays in the table.

        Takes less than nine seconds, whatever hangs. Cancelled meanwhile, it goes on without waiting for anybody.
        """
        ending = self._end_once()
        while not ending.done():
            try:
                await asyncio.shield(ending)
            except asyncio.CancelledError:
                self._hurry.set()
                self.is_cancelled = True

    def _end_once(self) -> asyncio.Task[None]:
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(), name="end")
        return self._ending

    async def _end(self) -> None:
        begun = time.monotonic()
        # From here on, whoever asks for something is told to come back.
        self.app.stopping = True
        if self.app.shards.is_lost:
            # What was begun is for others to finish.
            self._hurry.set()
        self.open_no_more()
        if self.failure is not None:
            await self._report(self.failure, "part:failed")
        self.jobs.stop()
        patience = 0.0 if self.app.shards.is_lost else PATIENCE_AT_THE_END
        ends = [asyncio.create_task(self.worker.stop(patience)), asyncio.create_task(self.api.stop())]
        # Before the bot was ready, deliveries and jobs have not begun and would wait for ever.
        parts = [task for task in self._running if self.is_ready() or task.get_name() == API]
        left = await wait_for_all([*ends, *parts, *self.app.serving], TIME_FOR_CHARTS, self._hurry)
        rest = PATIENCE_AT_THE_END - TIME_FOR_CHARTS
        charts = asyncio.create_task(in_time("charts", self.app.charts.close(), rest))
        left = await wait_for_all(left, rest, self._hurry)
        cut_short = left & self.app.serving
        if cut_short:
            log.warning("interactions_cut_short", count=len(cut_short))
        left |= {task for task in (*self._running, self._watching) if task is not None and not task.done()}
        for task in left:
            task.cancel()
        await wait_for_all(left, SETTLING, asyncio.Event())
        await in_time("error reports", reports_written(), SETTLING)
        await asyncio.gather(
            charts,
            in_time("gateway", self._leave(), TIME_TO_CLOSE),
            in_time("game server", self.app.game.close(), TIME_TO_CLOSE),
            in_time("error tracker", self._flush(), TIME_TO_CLOSE),
        )
        await in_time("database", self.app.database.close(), TIME_TO_CLOSE)
        log.info("stopped", seconds=round(time.monotonic() - begun, 2))

    async def _leave(self) -> None:
        """Disconnect from Discord, and only then let others have the shards."""
        await super().close()
        await self.app.shards.release()

    async def _flush(self) -> None:
        if self.app.tracker is not None:
            await asyncio.to_thread(self.app.tracker.close)


async def point_at(api_url: str) -> None:
    """Make discord.py talk to another server than Discord's. Raises aiohttp's `ClientError` when it does not answer."""
    Route.BASE = api_url
    if api_url == DISCORD:
        return
    async with aiohttp.ClientSession() as session, session.get(f"{api_url}/gateway") as response:
        response.raise_for_status()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL((await response.json(content_type=None))["url"])


def make_app(settings: Settings, *, clock: Clock | None = None, game: GeometryDash | None = None, shared: bool = False) -> App:
    """Put the parts together; the database must be at the newest revision. Raises `SentryUnusable`.

    `shared`: other processes may work with the same database, if it is PostgreSQL.
    """
    clock, name = clock or Clock(), new_name()
    database = Database(settings.database, name=name)
    shards = Shards()
    if shared and not database.is_sqlite:
        shards = HeldShards(database, name, wanted=settings.shard_count, capacity=settings.shards_per_process)
    dsn = settings.sentry_dsn
    app = App(
        settings=settings,
        stage=stage_parameters(settings.stage),
        database=database,
        shards=shards,
        clock=clock,
        game=game or GeometryDash(settings.gd_api_url, clock=clock),
        discord=DiscordService(),
        renderer=CardRenderer(),
        tracker=Sentry(dsn.get_secret_value(), release=version(), environment=settings.stage.value) if dsn else None,
    )
    app.game.metrics = app.metrics
    return app


@contextlib.asynccontextmanager
async def loaded_tree() -> AsyncGenerator[CommandTree]:
    """Give the whole command tree without connecting to anything, for documentation and tests."""
    bot = commands.Bot(commands.when_mentioned, help_command=None, intents=discord.Intents.none())
    cast("Any", bot).app = None
    for extension in EXTENSIONS:
        await bot.load_extension(extension)
    yield bot.tree
    await bot.close()


async def run_bot(settings: Settings, token: str) -> None:
    """Run until cancelled.

    Raises discord.py's `LoginFailure` for a wrong token, `CannotListen`, `SentryUnusable`, and what made a part of the bot fail.
    """
    await point_at(settings.discord_api_url)
    while await _run_once(settings, token):
        log.warning("starting_over", reason="other processes serve the shards of this one")


async def _run_once(settings: Settings, token: str) -> bool:
    """Run until the end; return whether to start over, because the process lost its shards."""
    bot = Greenlight(make_app(settings, shared=True))
    try:
        await bot.login(token)
        # What was loaded so far stays until the end.
        settle()
        await bot.connect()
    finally:
        await bot.close()
    if bot.failure is not None:
        raise bot.failure
    return bot.app.shards.is_lost and not bot.is_cancelled
