"""The button that closes a question without doing anything."""

from dataclasses import dataclass

from components.actions import ButtonAction
from components.boundary import Interaction, app_of
from components.replies import NOBODY
from util.actor import Actor
from util.texts import Text


@dataclass(frozen=True)
class DismissButton(ButtonAction, prefix="dismiss"):
    """Takes a question's buttons away."""

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Say that nothing was changed."""
        settings = await app_of(interaction).guild(actor.guild_id)
        said = settings.say(Text.ANSWER_DISMISSED, actor.language)
        await interaction.response.edit_message(content=said, embeds=[], view=None, allowed_mentions=NOBODY)
