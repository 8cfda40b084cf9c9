"""`/help`: what the bot can do and how to say it."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.command_help import command_lines, offered_commands
from components.help_pages import duration_help, timestamp_help
from components.pages.lines import answer_lines
from components.replies import think
from facades.operations.list_commands import list_commands
from facades.settings.command_ids import command_ids
from util.texts import Text


class HelpCog(GreenlightCog):
    """The commands `/help …`."""

    help_group = app_commands.Group(name="help", description="Help with the bot.")

    @help_group.command(name="commands")
    async def commands(self, interaction: Interaction) -> None:
        """List the commands that you can use.

        Answers with the commands that the asker may use, by area, to click on.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        tree = interaction.client.tree
        names = await list_commands(self.app, actor=actor, offered=offered_commands(tree))
        ids = await command_ids(self.app, guild_id=actor.guild_id)
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.HELP_COMMANDS_TITLE, actor.language)
        await answer_lines(interaction, title, command_lines(names, tree, ids, settings, actor.language))

    @help_group.command(name="duration")
    async def duration(self, interaction: Interaction) -> None:
        """Explain how to specify a duration when passing it as a command argument.

        Answers how durations are written, with examples.
        """
        actor = await self.actor(interaction)
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.HELP_DURATION_TITLE, actor.language)
        await answer_lines(interaction, title, duration_help(settings, actor.language, self.app.now()).split("\n"))

    @help_group.command(name="timestamp")
    async def timestamp(self, interaction: Interaction) -> None:
        """Explain how to specify a timestamp when passing it as a command argument.

        Answers how moments are written, with examples and what they mean now.
        """
        actor = await self.actor(interaction)
        settings = await self.app.guild(actor.guild_id)
        title = settings.label(Text.HELP_TIMESTAMP_TITLE, actor.language)
        await answer_lines(interaction, title, timestamp_help(settings, actor.language, self.app.now()).split("\n"))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(HelpCog(bot))  # pyright: ignore
