"""The discord.py bot: it connects to Discord, opens the app, loads the cogs and passes interactions on."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, cast

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from api.server import ApiServer
from cogs import EXTENSIONS
from cogs.base import GreenlightCog
from components.actions import dispatch
from components.attendance import admit, command_name
from components.boundary import Interaction, answer_error, guarded
from components.cards.renderer import CardRenderer
from components.command_payload import CommandTree
from components.command_sync import sync_guild_commands
from config.settings import Settings, stage_parameters
from config.texts import catalogue
from config.version import version
from db.engine import Database
from facades.app import App
from facades.delivery.worker import DeliveryWorker
from facades.operations.guilds import guild_joined, guild_left
from facades.operations.jobs import JobRunner
from facades.operations.remove_old_snapshots import remove_old_snapshots
from facades.operations.report_error import report_error, reports_written
from facades.operations.resync_commands import schedule_resync
from facades.operations.watch_loop import watch_loop
from facades.panel.listening import is_listening_wanted
from facades.settings.setup_residue import remove_setup_residue
from services.clock import Clock
from services.discord import DiscordError, DiscordService
from services.discord.trace import counting
from services.geometry_dash import GeometryDash
from services.sentry import Sentry
from util.command_flags import COMMAND_FLAGS
from util.ending import in_time, wait_for_all
from util.errors import BadInput, NotFound
from util.memory import settle
from util.texts import Text

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


class GreenlightTree(app_commands.CommandTree[Any]):
    """The command tree with the one error boundary."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Take charge of a command, or of suggestions for one, before it runs."""
        return await admit(interaction, command_name(interaction))

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer an error of a command."""
        name = command_name(interaction)

        async def explain() -> None:
            await _check_may_use(interaction)
            raise _meaning_of(error)

        if isinstance(error, app_commands.TransformerError | app_commands.CommandSignatureMismatch):
            await guarded(interaction, name, explain)
        else:
            await answer_error(interaction, name, _meaning_of(error))


async def _check_may_use(interaction: Interaction) -> None:
    """Raise why somebody may not use a command: only who may is told what is wrong with the options.

    For options that the library itself could not read; past that, the facades check.
    """
    command = interaction.command
    if not isinstance(command, app_commands.Command) or not isinstance(command.binding, GreenlightCog):
        return
    actor = await command.binding.actor(interaction)
    if flags := COMMAND_FLAGS[command.qualified_name]:
        actor.require(*flags)


def _meaning_of(error: app_commands.AppCommandError) -> Exception:
    """Return what an error of the library means in our own terms."""
    match error:
        case app_commands.CommandInvokeError():
            return error.original
        case app_commands.TransformerError():
            return BadInput(Text.ERROR_BAD_OPTION, option=str(error.value)[:100])
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return NotFound(Text.ERROR_UNKNOWN_ACTION)
        case _:
            return error


class Greenlight(commands.AutoShardedBot):
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
            http_trace=counting(app.metrics),
        )
        self.app = app
        app.discord.attach(self)
        self.worker = DeliveryWorker(app)
        self.jobs = JobRunner(app)
        self.api = ApiServer(app)
        self._running: list[asyncio.Task[None]] = []
        self.failure: BaseException | None = None
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
        if await is_listening_wanted(self.app):
            await self._listen()
        self._watching = asyncio.create_task(watch_loop(self.app), name="watch the loop")
        self._begin("deliveries", self._when_ready(self.worker.run))
        self._begin("jobs", self._when_ready(self.jobs.run))

    def _begin(self, name: str, part: Coroutine[Any, Any, None]) -> None:
        """Run a part of the process beside the others."""
        task = asyncio.create_task(part, name=name)
        self._running.append(task)
        task.add_done_callback(self._part_ended)

    async def _listen(self) -> str | None:
        """Answer HTTP from now on, if that has not begun yet, and return the address. Raises `CannotListen`."""
        if self.api.address is None:
            self.api.open()
            self._begin(API, self.api.run())
        return self.api.address

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
        for guild in list(self.guilds):
            await self._take_in(guild)
        for guild in list(self.guilds):
            if self.serves(guild.id):
                await remove_setup_residue(self.app, guild_id=guild.id)
        log.info("ready", user=str(self.user), guilds=len(self.guilds))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take a new guild in."""
        await self._take_in(guild, is_new=True)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Remember that the bot is no longer there; nothing of the guild is deleted."""
        await guild_left(self.app, guild_id=guild.id)

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
        if error is not None:
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

    def _end_once(self) -> asyncio.Task[None]:
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(), name="end")
        return self._ending

    async def _end(self) -> None:
        begun = time.monotonic()
        # From here on, whoever asks for something is told to come back.
        self.app.stopping = True
        if self.failure is not None:
            await self._report(self.failure, "part:failed")
        self.jobs.stop()
        ends = [asyncio.create_task(self.worker.stop(PATIENCE_AT_THE_END)), asyncio.create_task(self.api.stop())]
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
            in_time("gateway", super().close(), TIME_TO_CLOSE),
            in_time("game server", self.app.game.close(), TIME_TO_CLOSE),
            in_time("error tracker", self._flush(), TIME_TO_CLOSE),
        )
        await in_time("database", self.app.database.close(), TIME_TO_CLOSE)
        log.info("stopped", seconds=round(time.monotonic() - begun, 2))

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


def make_app(settings: Settings, *, clock: Clock | None = None, game: GeometryDash | None = None) -> App:
    """Put the parts together; the database must be at the newest revision. Raises `SentryUnusable`."""
    clock = clock or Clock()
    dsn = settings.sentry_dsn
    app = App(
        settings=settings,
        stage=stage_parameters(settings.stage),
        database=Database(settings.database),
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
    bot = Greenlight(make_app(settings))
    try:
        await bot.login(token)
        # What was loaded so far stays until the end.
        settle()
        await bot.connect()
    finally:
        await bot.close()
    if bot.failure is not None:
        raise bot.failure
