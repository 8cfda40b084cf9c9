"""Questions before a saved filter is replaced or deleted, and what their buttons do."""

from dataclasses import dataclass

import discord

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.labels import button_label
from components.log.filters import active_embed, kept_embed
from components.replies import answer, view_of
from config.guild_settings import GuildSettings
from facades.operations.delete_log_filter import delete_log_filter
from facades.operations.save_log_filter import SavedLogFilter, save_log_filter
from facades.operations.saved_filters import KeptFilter, name_of_key
from util.actor import Actor
from util.texts import Text


@dataclass(frozen=True)
class ReplaceFilterButton(ButtonAction, prefix="log_replace"):
    """Replaces the filter called `key` (in this version) by the active one, whose content was shown."""

    key: str
    version: str
    content: str

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Replace it and say so."""
        app = app_of(interaction)
        saved = await save_log_filter(app, actor=actor, name=name_of_key(self.key), replacing=self.version, content=self.content)
        settings = await app.guild(actor.guild_id)
        said = settings.say(Text.LOG_REPLACED, actor.language, name=saved.name)
        await interaction.response.edit_message(content=said, embeds=_both(saved, settings, actor.language), view=None)


@dataclass(frozen=True)
class DeleteFilterButton(ButtonAction, prefix="log_delete"):
    """Deletes the filter called `key` in this version."""

    key: str
    version: str

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Delete it and say so."""
        app = app_of(interaction)
        deleted = await delete_log_filter(app, actor=actor, name=name_of_key(self.key), version=self.version)
        settings = await app.guild(actor.guild_id)
        said = settings.say(Text.LOG_DELETED, actor.language, name=deleted.name)
        embed = kept_embed(deleted, settings, actor.language)
        await interaction.response.edit_message(content=said, embed=embed, view=None)


@dataclass(frozen=True)
class KeepFilterButton(ButtonAction, prefix="log_keep"):
    """Leaves everything as it is."""

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Say that nothing has changed, in place of the question."""
        settings = await app_of(interaction).guild(actor.guild_id)
        said = settings.say(Text.LOG_KEPT, actor.language)
        await interaction.response.edit_message(content=said, embed=None, view=None)


async def ask_to_replace(interaction: Interaction, saved: SavedLogFilter, settings: GuildSettings, language: str) -> None:
    """Ask whether a saved filter shall be replaced by the active one. Raises `ValueError` when there is none to replace."""
    if saved.old is None:
        raise ValueError("nothing would be replaced")
    yes = ReplaceFilterButton(saved.old.key, saved.old.version, saved.content)
    said = settings.say(Text.LOG_REPLACE_ASK, language, name=saved.name)
    embeds = _both(saved, settings, language)
    await answer(interaction, said, embeds=embeds, view=_buttons(yes, Text.LOG_REPLACE_YES, settings, language))


async def ask_to_delete(interaction: Interaction, actor: Actor, kept: KeptFilter) -> None:
    """Ask whether a saved filter shall be deleted."""
    settings = await app_of(interaction).guild(actor.guild_id)
    yes = DeleteFilterButton(kept.key, kept.version)
    said = settings.say(Text.LOG_DELETE_ASK, actor.language, name=kept.name)
    view = _buttons(yes, Text.LOG_DELETE_YES, settings, actor.language)
    await answer(interaction, said, embed=kept_embed(kept, settings, actor.language), view=view)


def _both(saved: SavedLogFilter, settings: GuildSettings, language: str) -> list[discord.Embed]:
    old = [] if saved.old is None else [kept_embed(saved.old, settings, language)]
    return [*old, active_embed(saved.filter, settings, language)]


def _buttons(yes: ButtonAction, label: Text, settings: GuildSettings, language: str) -> discord.ui.View:
    keep = KeepFilterButton().button(button_label(settings, Text.LOG_KEEP, language))
    return view_of([yes.button(button_label(settings, label, language), discord.ButtonStyle.danger), keep])
