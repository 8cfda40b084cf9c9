"""Guilds through the real client: their shape, what is created and undone in them, who owns the bot."""

import pytest

from sandbox.discord import Permission, SandboxDiscord
from services.discord import ChannelKind, DiscordForbidden, DiscordGone, Overwrite
from tests.services.discord.world import ServiceWorld


async def test_the_shape_tells_channels_roles_and_what_the_bot_may_do(world: ServiceWorld) -> None:
    shape = world.service.guild_shape(world.guild.id)
    assert (shape.name, shape.owner_id) == ("Level Club", world.guild.owner.user.id)
    (channel,) = [channel for channel in shape.channels if channel.kind is ChannelKind.TEXT]
    assert (channel.id, channel.name, channel.access.send, channel.kind.takes_messages) == (
        world.channel_id,
        "general",
        True,
        True,
    )
    assert "administrator" in shape.permissions
    everyone = shape.role(world.guild.id)
    assert everyone is not None
    assert (everyone.is_everyone, everyone.assignable) == (True, False)
    assert shape.channel(1) is None


async def test_a_guild_without_the_bot_is_gone_and_not_served(world: ServiceWorld, server: SandboxDiscord) -> None:
    stranger = server.create_guild("Elsewhere")
    assert world.service.is_serving(world.guild.id)
    assert world.service.is_serving(0)
    assert not world.service.is_serving(stranger.id)
    with pytest.raises(DiscordGone):
        world.service.guild_shape(stranger.id)


async def test_what_setup_creates_can_be_undone(world: ServiceWorld) -> None:
    service, guild_id = world.service, world.guild.id
    hidden = Overwrite(guild_id, deny=frozenset({"view_channel"}))
    category = await service.create_category(guild_id, "Requests", overwrites=[hidden], reason="setup")
    channel = await service.create_text_channel(
        guild_id, "queue", category_id=category, overwrites=[hidden], topic="Requests", reason="setup"
    )
    role = await service.create_role(guild_id, "Reviewer", reason="настройка")
    made = world.server.world.channels[channel]
    assert (made.parent_id, made.topic, made.overwrites[guild_id].deny) == (category, "Requests", Permission.VIEW_CHANNEL)
    assert world.guild.role("Reviewer").permissions == 0
    member = world.guild.add_member("Ann")
    await service.add_role(guild_id, member.user.id, role, "promoted")
    assert role in world.guild.guild.members[member.user.id].role_ids
    await service.remove_role(guild_id, member.user.id, role, "expelled")
    assert role not in world.guild.guild.members[member.user.id].role_ids
    for _ in range(2):
        await service.delete_channel(channel, reason="undo")
        await service.delete_channel(category, reason="undo")
        await service.delete_role(guild_id, role, reason="undo")
    assert channel not in world.server.world.channels


async def test_a_bot_without_the_permission_is_forbidden(server: SandboxDiscord, world: ServiceWorld) -> None:
    poor = server.create_guild("Poor")
    poor.add_bot(world.application, permissions=Permission.VIEW_CHANNEL)
    with pytest.raises(DiscordForbidden):
        await world.service.create_role(poor.id, "Reviewer", reason="setup")


async def test_commands_are_replaced_and_their_ids_returned(world: ServiceWorld) -> None:
    payload = [{"name": "language", "description": "Choose", "type": 1}]
    ids = await world.service.overwrite_commands(world.guild.id, payload)
    assert list(ids) == ["language"]


async def test_the_owner_of_the_application_is_known(world: ServiceWorld) -> None:
    assert await world.service.owner_ids() == (world.application.owner.id,)
