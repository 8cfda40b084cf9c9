"""The form of a final decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import discord

from components.actions import ModalAction
from components.boundary import Interaction, app_of
from components.labels import form_title
from components.modals.giving_back import giving_back
from components.modals.judgement_fields import REASON, REVIEW, reason_field, review_field
from components.replies import answer
from config.guild_settings import GuildSettings
from facades.requests.prepare_resolution import PreparedResolution
from facades.requests.resolve_request import Resolution, resolve_request
from facades.requests.wording import shown_name, text_for, verdict_name
from util.actor import Actor
from util.identifiers import Module, Verdict
from util.texts import Text


@dataclass(frozen=True)
class ResolutionForm(ModalAction, prefix="resolve_form"):
    """Submits a final decision with its texts."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request_id: int
    verdict: Verdict

    async def submit(self, interaction: Interaction, actor: Actor, texts: Mapping[str, str]) -> None:
        """Take the decision."""
        app = app_of(interaction)
        review, comment = texts.get(REVIEW, ""), texts.get(REASON, "")
        async with giving_back(interaction, actor, review, comment):
            taken = await resolve_request(
                app, actor=actor, request_id=self.request_id, verdict=self.verdict, review=review, comment=comment
            )
            await answer(interaction, _taken(await app.guild(actor.guild_id), actor, taken))


def resolution_form(settings: GuildSettings, actor: Actor, prepared: PreparedResolution, *, verdict: Verdict) -> discord.ui.Modal:
    """Make the form; both texts are optional."""
    language = actor.language
    key = Text.FORM_DECISION_COMMENT if verdict.is_approval else Text.FORM_REASON_OPTIONAL
    return ResolutionForm(prepared.request_id, verdict).modal(
        form_title(settings, text_for("form.resolve", verdict), language, level=prepared.level_name),
        review_field(settings, language, asked_in=prepared.language, required=False),
        reason_field(settings, language, key, required=False),
    )


def _taken(settings: GuildSettings, actor: Actor, taken: Resolution) -> str:
    key = Text.RESOLUTION_ADDED_FIRST if taken.first else Text.RESOLUTION_ADDED_LATER
    return settings.say(key, actor.language, level=shown_name(taken.level_name), verdict=verdict_name(taken.verdict))
