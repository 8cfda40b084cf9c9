"""The question before a snapshot is loaded, and its two buttons."""

from dataclasses import dataclass

import discord

from components.actions import ButtonAction
from components.backup.words import question_text, restored_text
from components.boundary import Interaction, app_of
from components.labels import button_label
from components.replies import NOBODY, answer, view_of
from config.guild_settings import GuildSettings
from facades.operations.prepare_restore import RestoreQuestion
from facades.operations.restore import keep_present, restore
from util.actor import Actor
from util.texts import Text


@dataclass(frozen=True)
class RestoreButton(ButtonAction, prefix="restore"):
    """Loads the snapshot that was asked about, or leaves everything as it is."""

    confirmation_id: int
    load: bool

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Do it; the question gives way to what is being done, and what was done follows with the state before."""
        app = app_of(interaction)
        before = await app.guild(actor.guild_id)

        async def replace_question(said: Text) -> None:
            content = before.say(said, actor.language)
            await interaction.response.edit_message(content=content, view=None, allowed_mentions=NOBODY)

        if not self.load:
            await keep_present(app, actor=actor, confirmation_id=self.confirmation_id)
            await replace_question(Text.BACKUP_KEPT_AS_IT_IS)
            return
        done = await restore(
            app,
            actor=actor,
            confirmation_id=self.confirmation_id,
            most=interaction.filesize_limit,
            begun=lambda: replace_question(Text.BACKUP_WORKING),
        )
        settings = await app.guild(actor.guild_id)
        uploads = () if done.safety.file is None else (done.safety.file,)
        await answer(interaction, restored_text(done, settings, actor.language), uploads=uploads)


async def ask_restore(interaction: Interaction, settings: GuildSettings, actor: Actor, asked: RestoreQuestion) -> None:
    """Answer with the question and its two buttons."""
    yes = RestoreButton(asked.confirmation_id, load=True).button(
        button_label(settings, Text.BACKUP_LOAD_BUTTON, actor.language), discord.ButtonStyle.danger
    )
    no = RestoreButton(asked.confirmation_id, load=False).button(button_label(settings, Text.BACKUP_KEEP_BUTTON, actor.language))
    await answer(interaction, question_text(asked, settings, actor.language), view=view_of([yes, no]))
