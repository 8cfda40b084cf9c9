"""The form of a grade for a trainee's review."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import discord

from components.actions import ModalAction, text_field
from components.boundary import Interaction, app_of
from components.buttons.probation import decision_offer
from components.labels import FIELD_LABEL, FORM_TITLE, short_label
from components.modals.giving_back import giving_back
from components.replies import answer
from config.guild_settings import GuildSettings
from facades.requests.assess_trainee_review import assess_trainee_review
from facades.requests.typed import LONGEST_FEEDBACK
from util.actor import Actor
from util.identifiers import Module
from util.phrases import user_mention
from util.texts import Text

FEEDBACK = "feedback"


@dataclass(frozen=True)
class AssessmentForm(ModalAction, prefix="assess_form"):
    """Submits a grade with feedback."""

    module: ClassVar[Module | None] = Module.REQUESTS
    review_id: int
    approved: bool

    async def submit(self, interaction: Interaction, actor: Actor, texts: Mapping[str, str]) -> None:
        """Take the grade."""
        app = app_of(interaction)
        feedback = texts.get(FEEDBACK, "")
        async with giving_back(interaction, actor, feedback):
            taken = await assess_trainee_review(
                app, actor=actor, review_id=self.review_id, approved=self.approved, feedback=feedback
            )
            settings = await app.guild(actor.guild_id)
            key = Text.ASSESSMENT_ADDED_APPROVED if taken.approved else Text.ASSESSMENT_ADDED_REJECTED
            said, view = settings.say(key, actor.language, trainee=user_mention(taken.trainee_id)), None
            if taken.probation is not None:
                offer, view = decision_offer(settings, taken.probation, actor.language, review_id=taken.review_id)
                said = f"{said}\n\n{offer}"
            await answer(interaction, said, view=view)


def assessment_form(settings: GuildSettings, actor: Actor, review_id: int, *, approved: bool) -> discord.ui.Modal:
    """Make the form; feedback is optional."""
    title = Text.FORM_ASSESS_APPROVE if approved else Text.FORM_ASSESS_REJECT
    return AssessmentForm(review_id, approved).modal(
        short_label(settings, title, actor.language, FORM_TITLE),
        text_field(
            FEEDBACK,
            short_label(settings, Text.FORM_FEEDBACK, actor.language, FIELD_LABEL),
            required=False,
            longest=LONGEST_FEEDBACK,
            paragraph=True,
        ),
    )
