"""The wrapper on a real discord.py client, connected to a Discord on loopback."""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.discord import SandboxDiscord
from services.discord import DiscordService
from tests.services.discord.world import ServiceWorld


@pytest.fixture
async def server() -> AsyncIterator[SandboxDiscord]:
    """Run a Discord to which discord.py's process-wide addresses point."""
    running = SandboxDiscord()
    await running.start()
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = running.api_url, yarl.URL(running.gateway_url)
    yield running
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
    await running.stop()


@pytest.fixture
async def world(server: SandboxDiscord) -> AsyncIterator[ServiceWorld]:
    """Connect a client to a guild and attach the wrapper to it."""
    application = server.create_application("Greenlight", "token")
    guild = server.create_guild("Level Club")
    guild.add_bot(application)
    client = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True), member_cache_flags=discord.MemberCacheFlags.none(), chunk_guilds_at_startup=False
    )
    client._connection.guild_ready_timeout = 0.02
    service = DiscordService(time_limit=5)
    service.attach(client)
    running = asyncio.create_task(client.start(application.token))
    while not client.is_ready():
        await asyncio.sleep(0.01)
    yield ServiceWorld(server, guild, application, client, service)
    await client.close()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the pauses of discord.py's HTTP client instead of making them."""
    made: list[float] = []
    sleep = asyncio.sleep

    class Asyncio:
        def __getattr__(self, name: str) -> object:
            return getattr(asyncio, name)

        async def sleep(self, seconds: float) -> None:
            made.append(seconds)
            await sleep(0)

    monkeypatch.setattr("discord.http.asyncio", Asyncio())
    return made
