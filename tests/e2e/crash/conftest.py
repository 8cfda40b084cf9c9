"""Fixtures of the crash tests."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.e2e.crash.play import Play
from tests.e2e.crash.points import Point
from tests.e2e.crash.process import BotProcess
from tests.e2e.world import TOKEN, World


@pytest.fixture
async def bot(empty_world: World) -> AsyncGenerator[BotProcess]:
    """Give the bot as a process of its own; it is not started, and is in no guild."""
    bot = BotProcess(empty_world)
    yield bot
    await bot.close()


@pytest.fixture(scope="session")
def points(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> list[Point]:
    """Play the flow undisturbed and return all its points, in an order that does not depend on what came first."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "bot.db").write_bytes(migrated.read_bytes())
    return sorted(asyncio.run(_record(folder)))


async def _record(folder: Path) -> list[Point]:
    server, game = SandboxDiscord(), SandboxGeometryDash()
    await server.start()
    await game.start()
    bot = BotProcess(World(folder, server, game, server.create_application("Greenlight", TOKEN)))
    try:
        return await (await Play.prepare(bot)).run()
    finally:
        await bot.close()
        await game.stop()
        await server.stop()
