"""The question whether another's cooldown shall be overwritten, and its two buttons."""

from dataclasses import dataclass
from typing import ClassVar

import discord

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.pages.cooldowns import lifted_text, question_text, updated_text
from components.replies import view_of
from config.guild_settings import GuildSettings
from facades.requests.amend_cooldown import LiftedCooldown
from facades.requests.update_cooldown import CooldownUpdate, OverwriteAsked, confirm_cooldown, decline_cooldown
from util.actor import Actor
from util.identifiers import Module
from util.texts import Text


@dataclass(frozen=True)
class OverwriteCooldown(ButtonAction, prefix="cooldown"):
    """Overwrites another's cooldown, or leaves it."""

    module: ClassVar[Module | None] = Module.REQUESTS

    confirmation_id: int
    overwrite: bool

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Do it and say so in place of the question."""
        app = app_of(interaction)
        settings = await app.guild(actor.guild_id)
        if self.overwrite:
            done = await confirm_cooldown(app, actor=actor, confirmation_id=self.confirmation_id)
            said, view = update_answer(done, settings, actor.language)
        else:
            await decline_cooldown(app, actor=actor, confirmation_id=self.confirmation_id)
            said, view = settings.say(Text.COOLDOWN_KEPT, actor.language), view_of()
        await interaction.response.edit_message(content=said, view=view, allowed_mentions=discord.AllowedMentions.none())


def update_answer(done: CooldownUpdate, settings: GuildSettings, language: str) -> tuple[str, discord.ui.View]:
    """Return what to answer to a change: what was done, or the question with its buttons."""
    if isinstance(done, LiftedCooldown):
        return lifted_text(done, settings, language), view_of()
    if isinstance(done, OverwriteAsked):
        buttons = [
            OverwriteCooldown(done.confirmation_id, overwrite=True).button(
                settings.label(Text.COOLDOWN_BUTTON_REPLACE, language), discord.ButtonStyle.danger
            ),
            OverwriteCooldown(done.confirmation_id, overwrite=False).button(settings.label(Text.COOLDOWN_BUTTON_KEEP, language)),
        ]
        return question_text(done, settings, language), view_of(buttons)
    return updated_text(done, settings, language), view_of()
