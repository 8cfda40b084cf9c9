"""Fixtures of the API's tests: a bot whose API listens on a free port, in one world for a module of tests."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.api.client import Panel, panel_of, token_of
from tests.e2e.conftest import discord_address, empty_world, migrated, world
from tests.e2e.world import World, running_world

__all__ = ["discord_address", "empty_world", "migrated", "world"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncGenerator[World]:
    """Give a world without guilds in which the bot runs and listens."""
    async with running_world(tmp_path_factory.mktemp("api"), migrated, api_port=0) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def panel(world: World) -> AsyncGenerator[Panel]:
    """Give the panel of the world's first guild."""
    async with panel_of(world, await token_of(world, world.guild)) as opened:
        yield opened
