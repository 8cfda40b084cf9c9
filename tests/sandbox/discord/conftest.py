"""A sandbox server and a real discord.py client pointed at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import discord
import pytest
import pytest_asyncio
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.discord import Application, Permission, SandboxDiscord, SandboxGuild, SandboxUser


class Bot(discord.Client):
    """A small bot under test; tests add commands to its tree and listen to its events."""

    def __init__(self, **options: Any) -> None:
        intents = options.pop("intents", None) or discord.Intents.all()
        super().__init__(intents=intents, max_ratelimit_timeout=None, **options)
        self._connection.guild_ready_timeout = 0.02
        self.tree = app_commands.CommandTree(self)
        self.ready = asyncio.Event()
        self.heard: list[tuple[str, tuple[Any, ...]]] = []

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Note every event before passing it on."""
        self.heard.append((event, args))
        super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        """Let the fixture go on."""
        self.ready.set()

    def count(self, event: str) -> int:
        """Tell how often an event was heard."""
        return sum(1 for name, _ in self.heard if name == event)


class Setup:
    """What most tests need: server, application, guild, channel, a member and running bots."""

    def __init__(self, server: SandboxDiscord) -> None:
        self.server = server
        self.application: Application = server.create_application("Greenlight", "token-one")
        self.guild: SandboxGuild = server.create_guild("Level Club")
        self.channel = self.guild.general
        self.mira: SandboxUser = self.guild.add_member("Mira")
        self.noor: SandboxUser = self.guild.add_member("Noor")
        self._tasks: list[tuple[Bot, asyncio.Task[None]]] = []

    def join(self, permissions: int = Permission.ADMINISTRATOR) -> None:
        """Let the bot into the guild."""
        self.guild.add_bot(self.application, permissions=permissions)

    async def run(self, bot: Bot, *, sync: bool = True) -> Bot:
        """Log a bot in, sync its commands and wait until it is ready."""
        await bot.login(self.application.token)
        if sync:
            for guild in self.server.guilds:
                bot.tree.copy_global_to(guild=discord.Object(guild.id))
                await bot.tree.sync(guild=discord.Object(guild.id))
        task = asyncio.create_task(bot.connect(reconnect=True))
        self._tasks.append((bot, task))
        await asyncio.wait_for(bot.ready.wait(), 5)
        return bot

    async def close(self) -> None:
        """Stop every bot."""
        for bot, task in self._tasks:
            await bot.close()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def fast_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py reconnect and retry at once."""
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda self: 0.0)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[SandboxDiscord]:
    """A running sandbox to which discord.py's process-wide addresses point."""
    running = SandboxDiscord()
    await running.start()
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE
    Route.BASE = running.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(running.gateway_url)
    discord.Asset.BASE = running.base_url
    yield running
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before
    await running.stop()


@pytest_asyncio.fixture
async def setup(server: SandboxDiscord) -> AsyncIterator[Setup]:
    """A guild with members; the bot is not in it yet."""
    made = Setup(server)
    yield made
    await made.close()


@pytest.fixture
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Record the pauses discord.py's HTTP client makes instead of making them."""
    pauses: list[float] = []
    real = asyncio.sleep

    class Asyncio:
        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        async def sleep(self, seconds: float, *_: Any) -> None:
            pauses.append(seconds)
            await real(0)

    monkeypatch.setattr("discord.http.asyncio", Asyncio())
    monkeypatch.setattr("discord.webhook.async_.asyncio", Asyncio())
    return pauses
