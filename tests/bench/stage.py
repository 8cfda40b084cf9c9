"""Where it is measured: the sandbox's servers here, and the bot and a bare one as processes of their own beside them."""

import asyncio
import contextlib
import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import create_engine, delete, insert

from config.paths import ROOT
from db import migrate
from db.engine import sync_url
from db.models import Cooldown, Delivery, ParameterOverride, PermissionBinding, RouteOverride, table
from db.models import Guild as GuildRow
from sandbox.discord import SandboxDiscord
from sandbox.discord.actors import SandboxUser
from sandbox.discord.answers import Answer
from sandbox.discord.guilds import SandboxGuild
from sandbox.discord.models import Application, Channel
from sandbox.geometry_dash import SandboxGeometryDash
from tests.bench.bare import READY
from tests.e2e import real_process
from tests.e2e.real_process import INHERITED, RealBot
from tests.e2e.world import TOKEN, Guild, World
from util.identifiers import Flag, Parameter, Route

CACHE = ROOT / "var" / "bench"
"""Where what takes long to make is kept; outside of git."""
PATIENCE = real_process.PATIENCE = 300.0
"""Seconds: a thousand guilds get their commands."""
BARE_TOKEN = "sandbox-token-of-the-bare-bot"
DISCORD_WAITS = 3.0
NO_LIMIT = {Parameter.QUEUE_BLOCK_ENABLED: "false"}


class MeasuredBot(RealBot):
    """The bot's process, with what it takes."""

    @property
    def memory(self) -> int:
        """The process's resident memory in bytes."""
        return resident(self.pid)

    @property
    def processor_time(self) -> float:
        """The seconds that the process has worked."""
        return worked(self.pid)


class BareBot:
    """The process of the bare bot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> float:
        """Start it, wait until it is ready, and return the seconds that took."""
        begun = time.perf_counter()
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment |= {
            "BOT_TOKEN": BARE_TOKEN,
            "DISCORD_API_URL": self._world.discord.api_url,
            "GATEWAY_URL": self._world.discord.gateway_url,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.bare", cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = (await self._process.stdout.readline()).decode()
        assert line.startswith(READY), line
        return time.perf_counter() - begun

    @property
    def memory(self) -> int:
        """The process's resident memory in bytes."""
        assert self._process is not None
        return resident(self._process.pid)

    @property
    def processor_time(self) -> float:
        """The seconds that the process has worked."""
        assert self._process is not None
        return worked(self._process.pid)

    async def close(self) -> None:
        """Leave no process behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None


@dataclass
class Stage:
    """A world with both bots. `bare_channel` is in a guild where only the bare bot is."""

    world: World
    real: MeasuredBot
    bare: BareBot
    bare_application: Application
    bare_channel: Channel
    bare_member: SandboxUser

    @property
    def guild(self) -> Guild:
        """The first guild."""
        return self.world.guild

    async def start(self) -> None:
        """Start both bots."""
        await self.real.start()
        await self.bare.start()
        # A process that is late has to be measured as late.
        self.world.discord.timing.acknowledge = DISCORD_WAITS

    async def quiet(self, seconds: float = 0.1) -> None:
        """Wait until the bots have asked nothing of Discord for a while: nothing is owed, nothing is on its way."""
        seen = -1
        while seen != (seen := len(self.world.discord.requests)):
            await asyncio.sleep(seconds)


@contextlib.asynccontextmanager
async def stage(
    guilds: int = 1, *, database: Path | None = None, guild_id: int | None = None, **environment: str
) -> AsyncGenerator[Stage]:
    """Give a stage on which nothing is started yet; its files are gone afterwards.

    `database`: a file to work with, which stays. `guild_id`: what the first guild is to have.
    """
    discord, game = SandboxDiscord(), SandboxGeometryDash()
    await discord.start()
    await game.start()
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        world = World(Path(folder), discord, game, discord.create_application("Greenlight", TOKEN))
        if database is None:
            shutil.copy(migrated(), Path(folder) / "bot.db")
        else:
            (Path(folder) / "bot.db").symlink_to(database)
        add_guilds(world, guilds, guild_id=guild_id)
        application = discord.create_application("Bare", BARE_TOKEN)
        elsewhere = discord.create_guild("Elsewhere")
        elsewhere.add_bot(application)
        real, bare = MeasuredBot(world, **environment), BareBot(world)
        try:
            yield Stage(world, real, bare, application, elsewhere.general, elsewhere.add_member("Ada"))
        finally:
            await bare.close()
            await real.close()
            await game.stop()
            await discord.stop()


def migrated() -> Path:
    """Return an empty database file at the newest revision."""
    newest = "-".join(sorted(migrate.known_revisions()))
    path = CACHE / f"empty-{newest}.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".new")
        made.unlink(missing_ok=True)
        migrate.upgrade(f"sqlite:///{made}")
        made.rename(path)
    return path


def add_guilds(world: World, count: int, *, guild_id: int | None = None) -> list[Guild]:
    """Make guilds with everything set up, before the bot runs, and let the bot join them."""
    made: list[Guild] = []
    for number in range(count):
        sandbox = _guild(world, number + 1, None if number else guild_id)
        channels = {route: sandbox.add_channel(route.value.replace("_", "-")) for route in Route}
        roles = {flag: sandbox.add_role(flag.value) for flag in Flag}
        made.append(Guild(sandbox, sandbox.general, channels, roles))
        sandbox.add_bot(world.application)
    world.guilds += made
    set_up(world.database_url, made)
    return made


def _guild(world: World, number: int, guild_id: int | None) -> SandboxGuild:
    ids = world.discord.world.ids
    owner = world.discord.world.add_user(f"Owner {number}")
    if guild_id is None:
        return world.discord.create_guild(f"Guild {number}", owner=owner)
    last = ids.last
    with mock.patch.object(ids, "make", side_effect=itertools.chain([guild_id], itertools.count(last + 1))):
        made = world.discord.create_guild(f"Guild {number}", owner=owner)
    ids.last = last + 1_000
    return made


def set_up(address: str, guilds: Iterable[Guild], parameters: dict[Parameter, str] = NO_LIMIT) -> None:
    """Write the settings of guilds into a database."""
    routes: list[dict[str, Any]] = []
    bindings: list[dict[str, Any]] = []
    overrides: list[dict[str, Any]] = []
    for guild in guilds:
        routes += [
            {"guild_id": guild.id, "key": route, "channel_id": channel.id, "enabled": True}
            for route, channel in guild.channels.items()
        ]
        bindings += [{"guild_id": guild.id, "flag": flag, "role_id": role.id} for flag, role in guild.roles.items()]
        overrides += [{"guild_id": guild.id, "key": key, "value": value} for key, value in parameters.items()]
    engine = create_engine(sync_url(address))
    with engine.begin() as connection:
        # A database that was used before knows commands, channels and roles that are no more.
        for model in (GuildRow, RouteOverride, PermissionBinding, ParameterOverride, Cooldown, Delivery):
            connection.execute(delete(table(model)))
        connection.execute(insert(RouteOverride), routes)
        connection.execute(insert(PermissionBinding), bindings)
        if overrides:
            connection.execute(insert(ParameterOverride), overrides)
    engine.dispose()


def resident(pid: int) -> int:
    """Return a process's resident memory in bytes."""
    import psutil

    return psutil.Process(pid).memory_info().rss


def worked(pid: int) -> float:
    """Return the seconds that a process has worked."""
    import psutil

    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


async def timed(act: Callable[[], Awaitable[Any]]) -> float:
    """Do something and return the seconds it took."""
    begun = time.perf_counter()
    await act()
    return time.perf_counter() - begun


async def answered(answer: Awaitable[Answer]) -> Answer:
    """Wait for the final answer. Raises AssertionError when there was none in time."""
    given = await (await answer).final()
    assert given.kind != "failed", "no answer in time"
    return given
