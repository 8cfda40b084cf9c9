"""`/text`: see and change everything the bot says."""

from discord import app_commands

from cogs.base import GreenlightCog
from components.autocomplete import suggestions
from components.boundary import HasApp, Interaction
from components.choices import language_choices
from components.modals.text_edit import text_form
from components.pages.turning import PagedList, answer_list
from components.replies import think
from components.settings.texts import answer_change, answer_details, suggest_texts
from facades.settings.describe_text import describe_text
from facades.settings.edit_text import edit_text
from facades.settings.reset_text import reset_text
from util.texts import Text

LANGUAGES = language_choices()


class TextCog(GreenlightCog):
    """The commands `/text …`."""

    text = app_commands.Group(name="text", description="Texts: everything the bot says.")

    @text.command(name="describe")
    @app_commands.autocomplete(template_name=suggestions(suggest_texts))
    async def describe(self, interaction: Interaction, template_name: str) -> None:
        """View details about a message template.

        Answers where the text is used, with its parameters, and its present and default wording in every language.
        """
        actor = await self.actor(interaction)
        found = await describe_text(self.app, actor=actor, name=template_name)
        await answer_details(interaction, found, await self.app.guild(actor.guild_id), actor.language)

    @text.command(name="edit")
    @app_commands.autocomplete(template_name=suggestions(suggest_texts))
    @app_commands.choices(language=LANGUAGES)
    async def edit(
        self, interaction: Interaction, template_name: str, language: app_commands.Choice[str], new_value: str | None = None
    ) -> None:
        """Edit a message template.

        Answers with the old and the new wording, or with a form that holds the present one, or why the wording does not
        fit.
        """
        actor = await self.actor(interaction)
        if new_value is None:
            await interaction.response.send_modal(await text_form(self.app, actor, template_name, language.value))
            return
        await think(interaction)
        changed = await edit_text(
            self.app, actor=actor, name=template_name, language=language.value, value=new_value, has_escapes=True
        )
        await answer_change(interaction, Text.TEXT_EDITED, changed, await self.app.guild(actor.guild_id), actor.language)

    @text.command(name="list")
    async def list(self, interaction: Interaction) -> None:
        """List all available message templates.

        Answers with all texts by area, page by page.
        """
        await answer_list(interaction, await self.actor(interaction), PagedList.TEXTS)

    @text.command(name="reset")
    @app_commands.autocomplete(template_name=suggestions(suggest_texts))
    @app_commands.choices(language=LANGUAGES)
    async def reset(self, interaction: Interaction, template_name: str, language: app_commands.Choice[str]) -> None:
        """Reset a message template to its default value.

        Answers with the old wording and the default, which holds from now on.
        """
        actor = await self.actor(interaction)
        await think(interaction)
        changed = await reset_text(self.app, actor=actor, name=template_name, language=language.value)
        await answer_change(interaction, Text.TEXT_RESET_DONE, changed, await self.app.guild(actor.guild_id), actor.language)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(TextCog(bot))  # pyright: ignore
