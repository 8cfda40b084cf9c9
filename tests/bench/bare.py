"""The least that a Discord bot can be: discord.py with a command that answers and one that opens a form. The floor."""

import asyncio
import os
import time
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

READY = "bare bot is ready"


class Form(discord.ui.Modal, title="A form"):
    """Two fields, as the form of a request has."""

    link: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Link", required=False)
    comment: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Comment", style=discord.TextStyle.paragraph, required=False)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Take it."""
        await interaction.response.send_message("Taken.", ephemeral=True)


class Bare(discord.AutoShardedClient):
    """A client with a command tree."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, members=True), max_messages=None, chunk_guilds_at_startup=False)
        self.tree = app_commands.CommandTree(self)
        self.begun = time.perf_counter()

    async def on_ready(self) -> None:
        """Say so."""
        print(READY, f"{time.perf_counter() - self.begun:.3f}", flush=True)  # noqa: T201


async def main() -> None:
    """Run until killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["GATEWAY_URL"])
    client = Bare()

    @client.tree.command(name="bare", description="Answers")
    async def bare(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Here I am.", ephemeral=True)

    @client.tree.command(name="bareform", description="Opens a form")
    async def bareform(interaction: discord.Interaction, level_id: int) -> None:
        await interaction.response.send_modal(Form())

    async def setup() -> None:
        await client.tree.sync()

    client.setup_hook = setup
    await client.start(os.environ["BOT_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
