"""Fixtures of the end-to-end tests."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.e2e.world import TOKEN, World, running_world


@pytest.fixture(scope="session")
def migrated(migrated_file: Path) -> Path:
    """Return an empty database file at the newest revision."""
    return migrated_file


@pytest.fixture
def discord_address() -> Generator[None]:
    """Put back where discord.py looks for Discord."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@pytest.fixture
async def empty_world(tmp_path: Path, migrated: Path, discord_address: None) -> AsyncGenerator[World]:
    """Give a world without guilds; the bot is not started."""
    (tmp_path / "bot.db").write_bytes(migrated.read_bytes())
    server, game = SandboxDiscord(), SandboxGeometryDash()
    await server.start()
    await game.start()
    world = World(tmp_path, server, game, server.create_application("Greenlight", TOKEN))
    yield world
    await world.stop()
    await game.stop()
    await server.stop()


@pytest.fixture
async def world(empty_world: World) -> World:
    """Give a world with one guild that is set up, its people, and the running bot."""
    await empty_world.add_guild()
    await empty_world.start()
    return empty_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncGenerator[World]:
    """Give a world without guilds in which the bot runs, one for a module of tests."""
    async with running_world(tmp_path_factory.mktemp("shared"), migrated) as world:
        yield world
