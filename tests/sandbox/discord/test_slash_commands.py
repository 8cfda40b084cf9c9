"""Slash commands and context menus: who sees them, their options, and what a client refuses to send."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands

from sandbox.discord import ClientRefused, Permission

from .conftest import Bot, Setup
from .sample_bot import build


async def test_a_synced_command_answers_a_member(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "hello", name="you")
    assert answer.kind == "message"
    assert answer.content == "Hello you"
    assert not answer.ephemeral
    assert answer.ack_seconds is not None
    assert answer.ack_seconds < 1


async def test_a_sub_command_gets_its_members_locale_and_answer_object(setup: Setup) -> None:
    setup.join()
    setup.mira.set_locale("ru")
    await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "level find", query="bloodbath", user=setup.noor)
    assert answer.content == "bloodbath Noor 1 ru"
    followup = await setup.server.wait_until(lambda: answer.followups and answer.followups[0])
    assert followup.content == "True"
    assert followup.reference is answer.message


async def test_a_client_refuses_what_discord_would_not_send(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    channel, mira = setup.channel, setup.mira
    with pytest.raises(ClientRefused, match="No command"):
        await mira.slash(channel, "nothing")
    with pytest.raises(ClientRefused, match="is a group"):
        await mira.slash(channel, "level")
    with pytest.raises(ClientRefused, match="required"):
        await mira.slash(channel, "hello")
    with pytest.raises(ClientRefused, match="1 to 10"):
        await mira.slash(channel, "hello", name="x" * 11)
    with pytest.raises(ClientRefused, match="1 to 9"):
        await mira.slash(channel, "level find", query="x", user=setup.noor, page=10)
    with pytest.raises(ClientRefused, match="does not take"):
        await mira.slash(channel, "level find", query="x", user=setup.channel)
    setup.guild.set_overwrite(channel, mira, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(ClientRefused, match="does not see"):
        await mira.slash(channel, "hello", name="x")


async def test_autocompletion_offers_choices(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    choices = await setup.mira.autocomplete(setup.channel, "level find", focused="query", query="que")
    assert choices == [{"name": "QUE", "value": "que"}]


async def test_members_only_see_commands_their_permissions_allow(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    @bot.tree.command(description="Staff only")
    @app_commands.default_permissions(manage_guild=True)
    async def staff(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok")

    await setup.run(bot)
    assert setup.mira.commands(setup.channel) == []
    assert [item.name for item in setup.guild.owner.commands(setup.channel)] == ["staff"]
    with pytest.raises(ClientRefused, match="hidden"):
        await setup.mira.slash(setup.channel, "staff")
    assert (await setup.guild.owner.slash(setup.channel, "staff")).content == "ok"


async def test_global_commands_work_in_direct_messages(setup: Setup) -> None:
    setup.join()
    bot = build()
    await bot.login(setup.application.token)
    await bot.tree.sync()
    await setup.run(bot, sync=False)
    answer = await setup.mira.slash(setup.mira.dm_channel(), "hello", name="you")
    assert answer.content == "Hello you"
    assert answer.message in setup.mira.dms()


async def test_context_menus_get_their_target(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    @bot.tree.context_menu(name="Quote it")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content}", ephemeral=True)

    @bot.tree.context_menu(name="Who is it")
    async def who(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(member.display_name, ephemeral=True)

    await setup.run(bot)
    sent = setup.noor.send(setup.channel, "gg")
    assert (await setup.mira.context_menu(setup.channel, "Quote it", sent)).content == "> gg"
    assert (await setup.mira.context_menu(setup.channel, "Who is it", setup.noor)).content == "Noor"


async def test_options_take_roles_channels_and_files(setup: Setup) -> None:
    setup.join()
    role = setup.guild.add_role("Mods")
    bot = Bot()

    @bot.tree.command(description="Take things")
    async def take(
        interaction: discord.Interaction, role: discord.Role, where: discord.TextChannel, file: discord.Attachment | None = None
    ) -> None:
        data = (await file.read()).decode() if file else "-"
        await interaction.response.send_message(f"{role.name} {where.name} {data}")

    await setup.run(bot)
    file = setup.mira.upload("a.txt", b"bytes")
    answer = await setup.mira.slash(setup.channel, "take", role=role, where=setup.channel, file=file)
    assert answer.content == "Mods general bytes"
