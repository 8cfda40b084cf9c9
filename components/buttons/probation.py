"""The decision about a trainee: what a curator is shown, and the buttons that promote or expel."""

from dataclasses import dataclass
from typing import ClassVar

import discord

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.labels import button_label
from components.permission_pages import roles_text
from components.replies import NOBODY, view_of
from config.guild_settings import GuildSettings
from facades.requests.end_probation import EndedProbation
from facades.requests.expel_trainee import expel_trainee
from facades.requests.probation import Probation
from facades.requests.promote_trainee import promote_trainee
from util.actor import Actor
from util.identifiers import Module
from util.phrases import Value, phrase, user_mention
from util.texts import Text


@dataclass(frozen=True)
class DecideButton(ButtonAction, prefix="decide"):
    """Promotes or expels a trainee. `review_id`: the graded review after which that was offered."""

    module: ClassVar[Module | None] = Module.REQUESTS
    trainee_id: int
    review_id: int
    promote: bool

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Decide, and say so in place of the offer."""
        # Discord is asked about roles, which can take longer than it waits.
        await interaction.response.defer()
        app = app_of(interaction)
        end = promote_trainee if self.promote else expel_trainee
        ended = await end(app, actor=actor, trainee_id=self.trainee_id, review_id=self.review_id)
        said = ended_text(await app.guild(actor.guild_id), ended, actor.language)
        await interaction.edit_original_response(content=said, view=None, allowed_mentions=NOBODY)


@dataclass(frozen=True)
class LaterButton(ButtonAction, prefix="decide_later"):
    """Puts the decision about a trainee off."""

    trainee_id: int

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Say how to come back to it."""
        settings = await app_of(interaction).guild(actor.guild_id)
        said = settings.say(Text.TRAINEE_LATER, actor.language, trainee=user_mention(self.trainee_id))
        await interaction.response.edit_message(content=said, view=None, allowed_mentions=NOBODY)


def decision_offer(
    settings: GuildSettings, probation: Probation, language: str, *, review_id: int
) -> tuple[str, discord.ui.View]:
    """Return the figures of a probation and the buttons that end it, or leave it as it is."""
    said = settings.say(Text.TRAINEE_OFFER, language, trainee=user_mention(probation.trainee_id), figures=_figures(probation))
    promote = DecideButton(probation.trainee_id, review_id, promote=True)
    expel = DecideButton(probation.trainee_id, review_id, promote=False)
    buttons = [
        promote.button(button_label(settings, Text.BUTTON_TRAINEE_PROMOTE, language), discord.ButtonStyle.success),
        expel.button(button_label(settings, Text.BUTTON_TRAINEE_EXPEL, language), discord.ButtonStyle.danger),
        LaterButton(probation.trainee_id).button(button_label(settings, Text.BUTTON_TRAINEE_LATER, language)),
    ]
    return said, view_of(buttons)


def ended_text(settings: GuildSettings, ended: EndedProbation, language: str) -> str:
    """Say how a probation ended and which roles change hands."""
    given: Value = phrase(Text.TRAINEE_ROLES_GIVEN, roles=roles_text(ended.given)) if ended.given else ""
    return settings.say(
        Text.TRAINEE_PROMOTED if ended.promoted else Text.TRAINEE_EXPELLED,
        language,
        trainee=user_mention(ended.probation.trainee_id),
        figures=_figures(ended.probation),
        taken=phrase(Text.TRAINEE_ROLES_TAKEN, roles=roles_text(ended.taken)),
        **({"given": given} if ended.promoted else {}),
    )


def _figures(probation: Probation) -> Value:
    if probation.percentage is None:
        return Text.TRAINEE_FIGURES_NONE
    since: Value = "" if probation.since is None else phrase(Text.TRAINEE_FIGURES_SINCE, when=probation.since)
    return phrase(
        Text.TRAINEE_FIGURES,
        assessed=probation.assessed,
        approved=probation.approved,
        percentage=probation.percentage,
        since=since,
    )
