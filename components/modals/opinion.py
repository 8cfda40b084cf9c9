"""The form of an opinion: a rejection's reason, a review, or both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import discord

from components.actions import ModalAction
from components.boundary import Interaction, app_of
from components.labels import form_title
from components.modals.giving_back import giving_back
from components.modals.judgement_fields import REASON, REVIEW, reason_field, review_field
from components.replies import answer
from config.guild_settings import GuildSettings
from facades.requests.add_opinion import AddedOpinion, add_opinion
from facades.requests.prepare_opinion import PreparedOpinion
from facades.requests.wording import shown_name
from util.actor import Actor
from util.identifiers import Module, Stage, Verdict
from util.texts import Text


@dataclass(frozen=True)
class OpinionForm(ModalAction, prefix="opinion_form"):
    """Submits an opinion with its texts."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request_id: int
    verdict: Verdict

    async def submit(self, interaction: Interaction, actor: Actor, texts: Mapping[str, str]) -> None:
        """Take the opinion."""
        app = app_of(interaction)
        review, reason = texts.get(REVIEW, ""), texts.get(REASON, "")
        async with giving_back(interaction, actor, review, reason):
            added = await add_opinion(
                app, actor=actor, request_id=self.request_id, verdict=self.verdict, review=review, reason=reason
            )
            await answer(interaction, opinion_taken(await app.guild(actor.guild_id), actor, added))


def opinion_form(
    settings: GuildSettings, actor: Actor, prepared: PreparedOpinion, *, verdict: Verdict, with_review: bool
) -> discord.ui.Modal:
    """Make the form: with a review, the reason is optional; without one, it is all there is."""
    language = actor.language
    fields: list[discord.ui.Label[Any]] = []
    if with_review:
        fields.append(review_field(settings, language, asked_in=prepared.language, required=True))
    if verdict is Verdict.REJECT:
        key = Text.FORM_REASON_OPTIONAL if with_review else Text.FORM_REASON
        fields.append(reason_field(settings, language, key, required=not with_review))
    title = Text.FORM_TITLE_APPROVE if verdict.is_approval else Text.FORM_TITLE_REJECT
    form = OpinionForm(prepared.request_id, verdict)
    return form.modal(form_title(settings, title, language, level=prepared.level_name), *fields)


def opinion_taken(settings: GuildSettings, actor: Actor, added: AddedOpinion) -> str:
    """Say what became of an opinion."""
    if added.stage is Stage.TRAINEE:
        key = Text.OPINION_ADDED_TRAINEE
    elif added.verdict.is_approval:
        key = Text.OPINION_ADDED_APPROVED_REVIEW if added.has_review else Text.OPINION_ADDED_APPROVED
    else:
        key = Text.OPINION_ADDED_REJECTED_REVIEW if added.has_review else Text.OPINION_ADDED_REJECTED
    return settings.say(key, actor.language, level=shown_name(added.level_name))
