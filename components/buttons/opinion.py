"""The four buttons of the reviewers' card."""

from dataclasses import dataclass
from typing import ClassVar

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.modals.opinion import opinion_form, opinion_taken
from components.replies import answer
from facades.requests.add_opinion import add_opinion
from facades.requests.prepare_opinion import prepare_opinion
from util.actor import Actor
from util.identifiers import Module, Verdict


@dataclass(frozen=True)
class OpinionButton(ButtonAction, prefix="opinion"):
    """Gives an opinion: a plain approval at once, anything else through a form."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request_id: int
    verdict: Verdict
    with_review: bool

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Take the approval, or open the form."""
        app = app_of(interaction)
        settings = await app.guild(actor.guild_id)
        if self.verdict.is_approval and not self.with_review:
            added = await add_opinion(app, actor=actor, request_id=self.request_id, verdict=self.verdict)
            await answer(interaction, opinion_taken(settings, actor, added))
            return
        prepared = await prepare_opinion(app, actor=actor, request_id=self.request_id, with_review=self.with_review)
        form = opinion_form(settings, actor, prepared, verdict=self.verdict, with_review=self.with_review)
        await interaction.response.send_modal(form)
