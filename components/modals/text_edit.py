"""The form in which a text is edited, with the present text in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from components.actions import ButtonAction, ModalAction, text_field
from components.boundary import Interaction, app_of
from components.labels import FIELD_DESCRIPTION, FIELD_LABEL, FORM_TITLE, button_label, short_label
from components.modals.giving_back import giving_back
from components.replies import think, view_of
from components.settings.texts import answer_change
from config.guild_settings import GuildSettings
from config.text_rules import LONGEST
from config.texts import catalogue
from facades.app import App
from facades.settings.edit_text import edit_text
from facades.settings.prepare_text_edit import PreparedText, prepare_text_edit
from util.actor import Actor
from util.texts import Text

FIELD = "text"


@dataclass(frozen=True)
class TextForm(ModalAction, prefix="text_form"):
    """Submits a text. `state`: of the text that the form was opened with."""

    key: str
    language: str
    state: str

    async def submit(self, interaction: Interaction, actor: Actor, texts: Mapping[str, str]) -> None:
        """Change the text."""
        app = app_of(interaction)
        await think(interaction)
        typed = texts.get(FIELD, "")
        settings = await app.guild(actor.guild_id)
        again = EditTextAgain(self.key, self.language).button(button_label(settings, Text.TEXT_EDIT_AGAIN_BUTTON, actor.language))
        async with giving_back(interaction, actor, typed, again=view_of([again])):
            changed = await edit_text(app, actor=actor, name=self.key, language=self.language, value=typed, state=self.state)
            await answer_change(interaction, Text.TEXT_EDITED, changed, await app.guild(actor.guild_id), actor.language)


@dataclass(frozen=True)
class EditTextAgain(ButtonAction, prefix="text_again"):
    """Opens the form anew, with the text as it is then."""

    key: str
    language: str

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form."""
        await interaction.response.send_modal(await text_form(app_of(interaction), actor, self.key, self.language))


async def text_form(app: App, actor: Actor, name: str, language: str) -> discord.ui.Modal:
    """Make the form. Raises `Forbidden` or `NotFound`."""
    prepared = await prepare_text_edit(app, actor=actor, name=name, language=language)
    settings = await app.guild(actor.guild_id)
    label = catalogue().entry(Text.LANGUAGE_NAME, language).text
    return TextForm(prepared.key.value, language, prepared.state).modal(
        short_label(settings, Text.TEXT_EDIT_FORM_TITLE, actor.language, FORM_TITLE),
        text_field(
            FIELD,
            short_label(settings, Text.TEXT_EDIT_FIELD, actor.language, FIELD_LABEL, spoken=label),
            description=_hint(prepared, settings, actor.language),
            longest=LONGEST,
            paragraph=True,
            default=prepared.current,
        ),
    )


def _hint(prepared: PreparedText, settings: GuildSettings, language: str) -> str:
    parameters = " ".join(f"{{{name}}}" for name in prepared.parameters)
    if prepared.forms is not None:
        return short_label(
            settings,
            Text.TEXT_EDIT_PLURAL_HINT,
            language,
            FIELD_DESCRIPTION,
            forms=prepared.forms,
            parameters=parameters,
        )
    key = Text.TEXT_EDIT_HINT if parameters else Text.TEXT_EDIT_BARE_HINT
    return short_label(settings, key, language, FIELD_DESCRIPTION, parameters=parameters)
