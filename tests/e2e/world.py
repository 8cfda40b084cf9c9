"""A whole world for end-to-end tests: the sandbox's servers, a guild with its staff, and the real bot connected to it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route as HttpRoute

from bot import Greenlight, make_app
from config.settings import Settings
from db.models import ParameterOverride, PermissionBinding
from db.upsert import upsert
from facades.app import App
from facades.delivery.backlog import backlog
from sandbox.discord import SandboxDiscord
from sandbox.discord.actors import SandboxUser
from sandbox.discord.guilds import SandboxGuild
from sandbox.discord.models import Application, Channel, Message, Role
from sandbox.geometry_dash import SandboxGeometryDash
from services.geometry_dash import GeometryDash
from tests.routing import lead_routes
from util.identifiers import Flag, Parameter, Route

TOKEN = "sandbox-token-of-the-bot"
STAFF = (Flag.REVIEWER, Flag.TRAINEE, Flag.TRAINEE_SUPERVISOR, Flag.GD_MOD, Flag.ADMIN)


@dataclass
class Guild:
    """One guild with its channels by route, its roles by flag and its people."""

    sandbox: SandboxGuild
    home: Channel
    channels: dict[Route, Channel]
    roles: dict[Flag, Role]
    people: dict[str, SandboxUser] = field(default_factory=dict[str, SandboxUser])

    @property
    def id(self) -> int:
        """The guild's id."""
        return self.sandbox.id

    def join(self, name: str, *flags: Flag, locale: str = "en-US") -> SandboxUser:
        """Let somebody join, with the roles of these flags."""
        self.people[name] = self.sandbox.add_member(name, roles=[self.roles[flag] for flag in flags], locale=locale)
        return self.people[name]

    def messages(self, route: Route) -> list[Message]:
        """Return the messages that everyone sees in a route's channel, oldest first."""
        found = self.channels[route].messages.values()
        return [message for message in found if not message.deleted and message.ephemeral_for is None]


@dataclass
class World:
    """Servers, guilds and the bot. `start` and `stop` may be called again and again: the database file stays."""

    folder: Path
    discord: SandboxDiscord
    game: SandboxGeometryDash
    application: Application
    guilds: list[Guild] = field(default_factory=list[Guild])
    bot: Greenlight | None = None
    environment: dict[str, Any] = field(default_factory=dict[str, Any])
    """Settings that differ from the usual ones, by their names in `config.settings.Settings`."""
    address: str = ""
    """The address of the bot's database where that is not a SQLite file in the folder."""
    _running: asyncio.Task[None] | None = None

    @property
    def database_url(self) -> str:
        """The address of the bot's database."""
        return self.address or f"sqlite:///{self.folder / 'bot.db'}"

    @property
    def app(self) -> App:
        """The running bot's parts."""
        assert self.bot is not None
        return self.bot.app

    @property
    def guild(self) -> Guild:
        """The first guild."""
        return self.guilds[0]

    def settings(self) -> Settings:
        """Return the settings under which the bot runs here, whatever the environment says."""
        return Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            bot_token=TOKEN,  # pyright: ignore[reportArgumentType]
            database_url=self.database_url,
            gd_api_url=self.game.base_url,
            discord_api_url=self.discord.api_url,
            **self.environment,
        )

    async def add_guild(
        self, name: str = "Level Lovers", *, locale: str = "en-US", parameters: Mapping[Parameter, str] | None = None
    ) -> Guild:
        """Make a guild with a channel for every route and a role for every flag, all of it set up; a running bot joins it."""
        sandbox = self.discord.create_guild(name, locale=locale)
        guild = Guild(
            sandbox,
            home=sandbox.add_channel("requests-here"),
            channels={route: sandbox.add_channel(route.value.replace("_", "-")) for route in Route},
            roles={flag: sandbox.add_role(flag.value) for flag in Flag},
        )
        self.guilds.append(guild)
        if self.bot is not None:
            await self._set_up(self.app, guild, parameters or {})
            sandbox.add_bot(self.application)
            await self._until_taken_in()
            return guild
        app = make_app(self.settings())
        try:
            await self._set_up(app, guild, parameters or {})
        finally:
            await app.game.close()
            await app.database.close()
        sandbox.add_bot(self.application)
        return guild

    async def _set_up(self, app: App, guild: Guild, parameters: Mapping[Parameter, str]) -> None:
        async with app.transaction(guild.id) as tx:
            await lead_routes(tx.session, guild.id, {route: channel.id for route, channel in guild.channels.items()})
            roles = guild.roles.items()
            tx.session.add_all(PermissionBinding(guild_id=guild.id, flag=flag, role_id=role.id) for flag, role in roles)
            for parameter, value in parameters.items():
                await upsert(tx.session, ParameterOverride, {"guild_id": guild.id, "key": parameter}, {"value": value})
            tx.settings_changed = True

    async def set_parameter(self, key: Parameter, value: str, guild: Guild | None = None) -> None:
        """Set a parameter of a guild behind everybody's back."""
        guild_id = (guild or self.guild).id
        async with self.app.transaction(guild_id) as tx:
            await upsert(tx.session, ParameterOverride, {"guild_id": guild_id, "key": key}, {"value": value})
            tx.settings_changed = True

    async def start(self) -> None:
        """Start the bot and wait until it has taken in every guild."""
        settings = self.settings()
        HttpRoute.BASE = self.discord.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.discord.gateway_url)
        game = GeometryDash(settings.gd_api_url, pace=0.01)
        self.bot = Greenlight(make_app(settings, game=game), guild_ready_timeout=0.05)
        self._running = asyncio.create_task(self.bot.start(TOKEN))
        wait = asyncio.create_task(self._until_taken_in())
        done, _ = await asyncio.wait({self._running, wait}, return_when=asyncio.FIRST_COMPLETED)
        if self._running in done:
            wait.cancel()
            self._running.result()

    async def _until_taken_in(self) -> None:
        assert self.bot is not None
        await self.discord.wait_until(lambda: all(self.application.commands.get(guild.id) for guild in self.guilds), 20)
        await self.bot.wait_until_ready()

    async def stop(self) -> None:
        """Stop the bot as a service manager would: everything in flight is finished."""
        if self.bot is None or self._running is None:
            return
        await self.bot.close()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self.bot = self._running = None

    async def settled(self, timeout: float = 20) -> None:
        """Wait until nothing is owed to Discord any more."""
        assert self.bot is not None
        async with asyncio.timeout(timeout):
            # While the worker is busy there is no need to ask the database, which it needs itself.
            while self.bot.worker.active or self.app.deliveries_due.is_set() or (await backlog(self.app)).count:
                await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def running_world(folder: Path, migrated: Path, *, address: str = "", **environment: Any) -> AsyncGenerator[World]:
    """Give a world without guilds in which the bot runs.

    `address`: of a migrated database, else it runs on a copy of a migrated file; `environment`: settings that differ.
    """
    if not address:
        (folder / "bot.db").write_bytes(migrated.read_bytes())
    before = HttpRoute.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    server, game = SandboxDiscord(), SandboxGeometryDash()
    await server.start()
    await game.start()
    application = server.create_application("Greenlight", TOKEN)
    world = World(folder, server, game, application, environment=environment, address=address)
    await world.start()
    yield world
    await world.stop()
    await game.stop()
    await server.stop()
    HttpRoute.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
