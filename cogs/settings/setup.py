"""`/setup`: the assistant that prepares the bot on a server."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.replies import answer, think
from components.setup.assistant import setup_message
from components.setup.page import SetupPage


class SetupCog(GreenlightCog):
    """The command `/setup`."""

    @app_commands.command(name="setup")
    async def setup_guild(self, interaction: Interaction) -> None:
        """Prepare the bot on this server.

        Answers with the assistant: what is set and what is missing, a button that creates it all, and pages to choose
        channels, roles, the ping role, languages and modules.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        embeds, view = await setup_message(self.app, actor, SetupPage.OVERVIEW)
        await answer(interaction, embeds=embeds, view=view)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(SetupCog(bot))  # pyright: ignore
