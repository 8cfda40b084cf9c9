"""The six verdict buttons of the resolution card."""

from dataclasses import dataclass
from typing import ClassVar

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.modals.resolution import resolution_form
from facades.requests.prepare_resolution import prepare_resolution
from util.actor import Actor
from util.identifiers import Module, Verdict


@dataclass(frozen=True)
class ResolveButton(ButtonAction, prefix="resolve"):
    """Opens the form of a final decision."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request_id: int
    verdict: Verdict

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Open the form."""
        app = app_of(interaction)
        prepared = await prepare_resolution(app, actor=actor, request_id=self.request_id)
        settings = await app.guild(actor.guild_id)
        await interaction.response.send_modal(resolution_form(settings, actor, prepared, verdict=self.verdict))
