"""Fixtures of the tests with several processes."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.e2e.processes.world import SharedWorld
from tests.e2e.world import TOKEN


@pytest.fixture
async def world(tmp_path: Path, postgres_address: str, discord_address: None) -> AsyncGenerator[SharedWorld]:
    """Give a world with a guild in each of four shards; no process is started."""
    server, game = SandboxDiscord(), SandboxGeometryDash()
    await server.start()
    await game.start()
    server.timing.acknowledge = 8.0
    application = server.create_application("Greenlight", TOKEN, shards=4)
    made = SharedWorld(tmp_path, server, game, application, address=postgres_address)
    for shard in range(4):
        await made.add_guild_in(shard)
    yield made
    for process in made.processes:
        process.close()
    await game.stop()
    await server.stop()
