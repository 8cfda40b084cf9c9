"""A guild's commands are sent when they differ from what was sent last."""

import pytest

from db.models import Guild
from facades.operations.guilds import guild_joined
from facades.settings.command_ids import command_ids
from facades.settings.sync_commands import sync_commands
from services.discord import DiscordUnavailable
from tests.facades.settings.world import GUILD, OTHER_GUILD, SettingsWorld

PAYLOAD = [{"name": "language", "description": "x"}]


@pytest.fixture
async def joined(world: SettingsWorld) -> SettingsWorld:
    """Two guilds that the bot has joined."""
    for guild_id in (GUILD, OTHER_GUILD):
        await guild_joined(world.app, guild_id=guild_id, name="g", language=None)
    return world


async def test_unchanged_commands_are_not_sent_again(joined: SettingsWorld) -> None:
    assert await sync_commands(joined.app, guild_id=GUILD, payload=PAYLOAD)
    assert not await sync_commands(joined.app, guild_id=GUILD, payload=[dict(reversed(PAYLOAD[0].items()))])
    assert joined.discord.calls == [("overwrite_commands", GUILD)]
    assert {row.guild_id: bool(row.command_hash) for row in await joined.rows(Guild)} == {GUILD: True, OTHER_GUILD: False}


async def test_changed_and_forced_commands_are_sent(joined: SettingsWorld) -> None:
    for payload, force in ((PAYLOAD, False), (PAYLOAD, True), ([{"name": "help"}], False)):
        assert await sync_commands(joined.app, guild_id=GUILD, payload=payload, force=force)
    assert joined.discord.commands[GUILD] == [{"name": "help"}]


async def test_commands_that_discord_did_not_take_are_sent_at_the_next_run(joined: SettingsWorld) -> None:
    joined.discord.errors[GUILD] = DiscordUnavailable("down")
    with pytest.raises(DiscordUnavailable):
        await sync_commands(joined.app, guild_id=GUILD, payload=PAYLOAD)
    joined.discord.errors.clear()
    assert await sync_commands(joined.app, guild_id=GUILD, payload=PAYLOAD)


async def test_ids_are_known_after_a_sync_and_asked_for_once_otherwise(joined: SettingsWorld) -> None:
    joined.discord.errors[GUILD] = DiscordUnavailable("down")
    assert await command_ids(joined.app, guild_id=GUILD) == {}
    joined.discord.errors.clear()
    for _ in range(2):
        assert await command_ids(joined.app, guild_id=GUILD) == {"language": 9}
    assert len(joined.discord.calls) == 2
    await sync_commands(joined.app, guild_id=GUILD, payload=PAYLOAD)
    assert (await command_ids(joined.app, guild_id=GUILD)).keys() == {"language"}
