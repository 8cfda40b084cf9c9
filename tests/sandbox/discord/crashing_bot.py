"""A bot in a process of its own, so that a test can kill it at an exact point."""

from __future__ import annotations

import os

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["SANDBOX_API"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["SANDBOX_GATEWAY"])
client = discord.Client(intents=discord.Intents.default())
tree = app_commands.CommandTree(client)


@tree.command(description="Post two messages")
async def post(interaction: discord.Interaction) -> None:
    """Answer, then post twice."""
    await interaction.response.send_message("posting")
    assert isinstance(interaction.channel, discord.TextChannel)
    await interaction.channel.send("one")
    await interaction.channel.send("two")


async def setup_hook() -> None:
    """Sync before connecting."""
    await tree.sync()


client.setup_hook = setup_hook
client.run(os.environ["SANDBOX_TOKEN"], log_handler=None)
