"""The curators' buttons under a trainee's review."""

from dataclasses import dataclass
from typing import ClassVar

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.modals.assessment import assessment_form
from facades.requests.prepare_assessment import prepare_assessment
from util.actor import Actor
from util.identifiers import Module


@dataclass(frozen=True)
class AssessButton(ButtonAction, prefix="assess"):
    """Opens the form of a grade with feedback."""

    module: ClassVar[Module | None] = Module.REQUESTS
    review_id: int
    approved: bool

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form."""
        app = app_of(interaction)
        await prepare_assessment(app, actor=actor, review_id=self.review_id)
        settings = await app.guild(actor.guild_id)
        await interaction.response.send_modal(assessment_form(settings, actor, self.review_id, approved=self.approved))
