"""`/status`: how the bot does."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.replies import answer, think
from components.status.embed import status_embed
from facades.operations.describe_status import describe_status


class StatusCog(GreenlightCog):
    """The command `/status`."""

    @app_commands.command(name="status")
    async def status(self, interaction: Interaction) -> None:
        """Show how the bot does.

        Answers with what works and what does not: the connection, what waits to be sent, the game server, charts, the last
        snapshot, and what the bot lacks on this server. Maintainers also see figures of all servers together.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        found = await describe_status(self.app, actor=actor)
        settings = await self.app.guild(actor.guild_id)
        await answer(interaction, embed=status_embed(found, settings, actor.language))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(StatusCog(bot))  # pyright: ignore
