"""Fixtures of the tests with several processes."""

import contextlib
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from sandbox.discord import SandboxDiscord
from sandbox.geometry_dash import SandboxGeometryDash
from tests.e2e.processes.world import SharedWorld
from tests.e2e.world import TOKEN
from tests.faults.stage import Postgres


@contextlib.asynccontextmanager
async def shared_world(folder: Path, address: str) -> AsyncGenerator[SharedWorld]:
    """Give a world with a guild in each of four shards; no process is started."""
    server, game = SandboxDiscord(), SandboxGeometryDash()
    await server.start()
    await game.start()
    server.timing.acknowledge = 8.0
    application = server.create_application("Greenlight", TOKEN, shards=4)
    made = SharedWorld(folder, server, game, application, address=address)
    for shard in range(4):
        await made.add_guild_in(shard)
    yield made
    for process in made.processes:
        process.close()
    await game.stop()
    await server.stop()


@pytest.fixture
async def world(tmp_path: Path, postgres_address: str, discord_address: None) -> AsyncGenerator[SharedWorld]:
    """Give a world on the database server that all tests share."""
    async with shared_world(tmp_path, postgres_address) as made:
        yield made


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """Return a database server that may be restarted: nobody else uses it."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture
async def world_on_its_own_server(tmp_path: Path, own_postgres: Postgres, discord_address: None) -> AsyncGenerator[SharedWorld]:
    """Give a world whose database server may be restarted."""
    async with shared_world(tmp_path, own_postgres.database()) as made:
        yield made
