"""The answers of `/panel token`: the token itself, and the question before one is replaced."""

from dataclasses import dataclass

import discord

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.replies import view_of
from config.guild_settings import GuildSettings
from facades.panel.issue_token import IssuedToken, TokenExists, issue_token
from util.actor import Actor
from util.phrases import Raw, user_mention
from util.texts import Text


@dataclass(frozen=True)
class ReplaceToken(ButtonAction, prefix="panel_token"):
    """Replaces the token that the question was about."""

    version: int

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Show the new token in place of the question."""
        app = app_of(interaction)
        issued = await issue_token(app, actor=actor, replacing=self.version)
        said, view = token_answer(issued, await app.guild(actor.guild_id), actor.language)
        await interaction.response.edit_message(content=said, view=view, allowed_mentions=discord.AllowedMentions.none())


@dataclass(frozen=True)
class KeepToken(ButtonAction, prefix="panel_keep"):
    """Leaves the token as it is."""

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Say so in place of the question."""
        settings = await app_of(interaction).guild(actor.guild_id)
        said = settings.say(Text.PANEL_TOKEN_KEPT, actor.language)
        await interaction.response.edit_message(content=said, view=view_of(), allowed_mentions=discord.AllowedMentions.none())


def token_answer(done: IssuedToken | TokenExists, settings: GuildSettings, language: str) -> tuple[str, discord.ui.View]:
    """Return what to answer: the token, or the question with its buttons."""
    if isinstance(done, IssuedToken):
        return _token(done, settings, language), view_of()
    buttons = [
        ReplaceToken(done.version).button(settings.label(Text.PANEL_TOKEN_REPLACE_BUTTON, language), discord.ButtonStyle.danger),
        KeepToken().button(settings.label(Text.PANEL_TOKEN_KEEP_BUTTON, language)),
    ]
    question = settings.say(Text.PANEL_TOKEN_EXISTS, language, who=user_mention(done.issued_by), when=done.issued_at)
    return question, view_of(buttons)


def _token(done: IssuedToken, settings: GuildSettings, language: str) -> str:
    said = settings.say(
        Text.PANEL_TOKEN_ISSUED,
        language,
        token=Raw(done.token),
        address=Raw(done.address or settings.label(Text.PANEL_TOKEN_NO_ADDRESS, language)),
        replaced=Text.PANEL_TOKEN_REPLACED if done.replaced else "",
    )
    if done.address is None:
        return f"{said}\n{settings.say(Text.PANEL_TOKEN_UNREACHABLE, language)}"
    return said
