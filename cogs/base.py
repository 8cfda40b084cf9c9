"""What all cogs share."""

from typing import ClassVar

from discord.ext import commands

from components.boundary import HasApp, Interaction, actor_of
from facades.app import App
from util.actor import Actor
from util.identifiers import Module


class GreenlightCog(commands.Cog):
    """A cog with access to the app. `module`: the module it belongs to; with that off, its commands are not offered."""

    module: ClassVar[Module | None] = None

    def __init__(self, bot: HasApp) -> None:
        self.app: App = bot.app

    async def actor(self, interaction: Interaction) -> Actor:
        """Return who uses the command. Raises `Refused` outside guilds or with the module off."""
        return await actor_of(interaction, self.module)
