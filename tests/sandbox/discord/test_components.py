"""Buttons, selects and modals, and what a real discord.py client makes of them."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from sandbox.discord import ClientRefused
from sandbox.discord.transcript import render_answer, render_message

from .conftest import Bot, Setup
from .sample_bot import build


async def test_a_modal_opened_by_a_button_brings_back_its_values(setup: Setup) -> None:
    setup.join()
    role = setup.guild.add_role("Mods")
    await setup.run(build())
    shown = await setup.mira.slash(setup.channel, "panel")
    assert shown.message is not None
    answer = await setup.noor.press(shown.message, "Open")
    assert answer.kind == "modal"
    assert answer.modal is not None
    assert "| Note *" in render_answer(answer)
    with pytest.raises(ClientRefused, match="3 to 20"):
        await setup.noor.submit(answer.modal, {"Note": "x", "Grade": "Epic"})
    with pytest.raises(ClientRefused, match="1 to 1"):
        await setup.noor.submit(answer.modal, {"Note": "good"})
    with pytest.raises(ClientRefused, match="not on the member's screen"):
        await setup.mira.submit(answer.modal, {"Note": "good", "Grade": "Epic"})
    final = await setup.noor.submit(answer.modal, {"Note": "good", "Grade": "Epic", "Ping": [role]})
    assert final.content == "good/e/Mods"
    assert final.ephemeral
    with pytest.raises(ClientRefused):
        await setup.noor.submit(answer.modal, {"Note": "good", "Grade": "Epic"})


async def test_a_button_edits_its_message_and_a_disabled_one_refuses(setup: Setup) -> None:
    setup.join()
    await setup.run(build())
    shown = (await setup.mira.slash(setup.channel, "panel")).message
    assert shown is not None
    answer = await setup.noor.press(shown, "count")
    assert answer.kind == "update"
    assert answer.message is shown
    assert shown.content == "1"
    with pytest.raises(ClientRefused, match="disabled"):
        await setup.noor.press(shown, "Dead")
    chosen = await (await setup.noor.select(shown, "Who", [setup.mira])).final()
    assert chosen.kind == "acknowledged"
    assert shown.content == "Mira"
    assert "  [Open] [Counted] [Dead | disabled]" in render_message(shown, setup.mira)


async def test_an_ephemeral_message_is_only_there_for_its_receiver(setup: Setup) -> None:
    setup.join()
    bot = await setup.run(build())
    answer = await setup.mira.slash(setup.channel, "panel", secret=True)
    assert answer.ephemeral
    assert answer.message is not None
    assert answer.message in setup.mira.visible(setup.channel)
    assert answer.message not in setup.noor.visible(setup.channel)
    with pytest.raises(ClientRefused, match="does not see"):
        await setup.noor.press(answer.message, "count")
    assert (await setup.mira.press(answer.message, "count")).content == "1"
    channel = bot.get_channel(setup.channel.id)
    assert isinstance(channel, discord.TextChannel)
    assert [item async for item in channel.history()] == []
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(answer.message.id)
    setup.mira.delete_message(answer.message)
    with pytest.raises(ClientRefused):
        await setup.mira.press(answer.message, "count")


async def test_a_second_version_layout_shows_and_its_buttons_work(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    class Layout(ui.LayoutView):
        box: ui.Container[Any] = ui.Container(ui.TextDisplay("Hello layout"), ui.ActionRow(ui.Button(label="Go", custom_id="go")))

    @bot.tree.command(description="Layout")
    async def layout(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Layout())

    async def on_interaction(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_message("went", ephemeral=True)

    bot.event(on_interaction)
    await setup.run(bot)
    answer = await setup.mira.slash(setup.channel, "layout")
    assert answer.message is not None
    assert "  | Hello layout" in render_message(answer.message)
    assert (await setup.noor.press(answer.message, "Go")).content == "went"
