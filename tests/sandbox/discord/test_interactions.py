"""Slash commands, buttons, modals and what a real discord.py client makes of them."""

from __future__ import annotations

import discord
from discord import app_commands

from .conftest import Bot, Setup


async def test_a_synced_command_answers_a_member(setup: Setup) -> None:
    setup.join()
    bot = Bot()

    @bot.tree.command(description="Say hello")
    async def hello(interaction: discord.Interaction, name: app_commands.Range[str, 1, 10]) -> None:
        await interaction.response.send_message(f"Hello {name}")

    await setup.run(bot)
    answer = await setup.mira.slash(setup.channel, "hello", name="you")
    assert answer.kind == "message"
    assert answer.content == "Hello you"
    assert not answer.ephemeral
    assert answer.ack_seconds is not None
    assert answer.ack_seconds < 1
