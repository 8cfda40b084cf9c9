"""`/help commands` names what somebody may use."""

from collections.abc import AsyncIterator

import pytest

from facades.operations.list_commands import OfferedCommand, list_commands
from facades.settings.bind_role import bind_role
from facades.settings.set_module import set_module
from tests.facades.settings.world import BOSS_ROLE, OTHER_GUILD, SettingsWorld
from util.command_flags import COMMAND_FLAGS
from util.identifiers import Flag, Module

OFFERED = [OfferedCommand(name, Module.REQUESTS if name.startswith("request") else None) for name in COMMAND_FLAGS]


@pytest.fixture
async def world(sqlite_address: str) -> AsyncIterator[SettingsWorld]:
    """Two guilds in which nothing is set."""
    made = SettingsWorld(sqlite_address)
    yield made
    await made.app.database.close()


async def test_a_member_sees_what_is_for_everybody(world: SettingsWorld) -> None:
    names = await list_commands(world.app, actor=await world.actor(), offered=OFFERED)
    assert set(names) == {name for name, flags in COMMAND_FLAGS.items() if not flags}
    assert {"language", "request create", "help commands"} <= set(names)


async def test_an_admin_sees_everything_but_what_is_for_trainees(world: SettingsWorld) -> None:
    names = await list_commands(world.app, actor=world.owner(), offered=OFFERED)
    assert set(COMMAND_FLAGS) - set(names) == {"trainee pick"}


async def test_a_flag_opens_its_commands_in_its_guild_alone(world: SettingsWorld) -> None:
    await bind_role(world.app, actor=world.owner(), flag=Flag.BAN_USERS, role_id=BOSS_ROLE)
    here = await list_commands(world.app, actor=await world.actor(BOSS_ROLE), offered=OFFERED)
    there = await list_commands(world.app, actor=await world.actor(BOSS_ROLE, guild_id=OTHER_GUILD), offered=OFFERED)
    assert {name for name in here if name not in there} == {name for name in COMMAND_FLAGS if name.startswith("usercd ")}


async def test_commands_of_a_module_that_is_off_are_left_out(world: SettingsWorld) -> None:
    await set_module(world.app, actor=world.owner(), module=Module.REQUESTS, enabled=False)
    names = await list_commands(world.app, actor=world.owner(), offered=OFFERED)
    assert not [name for name in names if name.startswith("request")]
    assert "setup" in names
