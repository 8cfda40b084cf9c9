"""One world for all tests of a module: starting a bot takes longer than letting it join one more guild.

A module that wants that says `pytestmark = ONE_LOOP` and `world = guild_of_its_own()`.
"""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.world import World

ONE_LOOP = pytest.mark.asyncio(loop_scope="module")


def guild_of_its_own(name: str = "world") -> Any:
    """Make the fixture that gives each test the module's world with a new guild as its first."""

    @pytest_asyncio.fixture(loop_scope="module", name=name)
    async def fixture(shared_world: World) -> AsyncGenerator[World]:
        guild = await shared_world.add_guild()
        shared_world.guilds.remove(guild)
        shared_world.guilds.insert(0, guild)
        shared_world.game.calls.clear()
        levels = dict(shared_world.game.levels)
        yield shared_world
        shared_world.discord.faults.clear()
        shared_world.game.faults.clear()
        shared_world.game.levels = levels

    return fixture
