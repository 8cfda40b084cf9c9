"""The question before a request is deleted, and the button that says yes."""

from dataclasses import dataclass
from typing import ClassVar

import discord

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.buttons.dismiss import DismissButton
from components.labels import button_label
from components.replies import NOBODY, answer, view_of
from components.request_words import deleted_text, deletion_question
from config.guild_settings import GuildSettings
from facades.requests.delete_request import delete_request
from facades.requests.prepare_deletion import DoomedRequest
from util.actor import Actor
from util.identifiers import Module
from util.texts import Text


@dataclass(frozen=True)
class DeleteRequestButton(ButtonAction, prefix="delete_request"):
    """Deletes a request for good."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request_id: int

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Delete it and say so in place of the question."""
        app = app_of(interaction)
        deleted = await delete_request(app, actor=actor, request_id=self.request_id)
        said = deleted_text(await app.guild(actor.guild_id), deleted, actor.language)
        await interaction.response.edit_message(content=said, view=None, allowed_mentions=NOBODY)


async def ask_deletion(interaction: Interaction, settings: GuildSettings, actor: Actor, doomed: DoomedRequest) -> None:
    """Answer with the question and its two buttons."""
    yes = DeleteRequestButton(doomed.request_id).button(
        button_label(settings, Text.BUTTON_REQUEST_DELETE, actor.language), discord.ButtonStyle.danger
    )
    no = DismissButton().button(button_label(settings, Text.BUTTON_DISMISS, actor.language))
    await answer(interaction, deletion_question(settings, doomed, actor.language), view=view_of([yes, no]))
