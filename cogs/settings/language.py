"""`/language`: choose the language of the bot."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.choices import language_choices
from components.replies import answer
from facades.settings.set_language import set_language
from util.texts import Text


class LanguageCog(GreenlightCog):
    """The command `/language`."""

    @app_commands.command(name="language")
    @app_commands.choices(language=language_choices())
    async def language(self, interaction: Interaction, language: app_commands.Choice[str]) -> None:
        """Set the bot's language.

        Answers in the chosen language that it is spoken from now on.
        """
        actor = await self.actor(interaction)
        chosen = await set_language(self.app, actor=actor, language=language.value)
        settings = await self.app.guild(actor.guild_id)
        name = settings.label(Text.LANGUAGE_NAME, chosen)
        await answer(interaction, settings.say(Text.LANGUAGE_SET, chosen, name=name))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(LanguageCog(bot))  # pyright: ignore
