"""`/trainee`: practise on requests, and decide about those who do."""

from typing import ClassVar

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.buttons.probation import ended_text
from components.cards.trainee_pick_card import trainee_pick_card
from components.replies import answer, think, view_of
from facades.requests.expel_trainee import expel_trainee
from facades.requests.pick_for_trainee import pick_for_trainee
from facades.requests.promote_trainee import promote_trainee
from util.identifiers import Module


class TraineeCog(GreenlightCog):
    """The group `/trainee`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    trainee = app_commands.Group(name="trainee", description="Trainees", guild_only=True)

    @trainee.command(name="pick")
    async def pick(self, interaction: Interaction) -> None:
        """Show a random request to review.

        Answers with a random request that the trainee has not reviewed, pending or archived, and the two buttons for a
        review.
        """
        actor = await self.actor(interaction)
        request = await pick_for_trainee(self.app, actor=actor)
        embed, buttons = trainee_pick_card(request, await self.app.guild(actor.guild_id), actor.language)
        await answer(interaction, embed=embed, view=view_of(buttons))

    @trainee.command(name="promote")
    async def promote(self, interaction: Interaction, trainee: discord.Member | discord.User) -> None:
        """Make a trainee a reviewer.

        Answers that the member is a reviewer now, or which role or permission is missing. The member is told.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        ended = await promote_trainee(self.app, actor=actor, trainee_id=trainee.id)
        await answer(interaction, ended_text(await self.app.guild(actor.guild_id), ended, actor.language))

    @trainee.command(name="expel")
    async def expel(self, interaction: Interaction, trainee: discord.Member | discord.User) -> None:
        """Remove somebody from the trainees.

        Answers that the member is no trainee any more, or which role or permission is missing. The member is told.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        ended = await expel_trainee(self.app, actor=actor, trainee_id=trainee.id)
        await answer(interaction, ended_text(await self.app.guild(actor.guild_id), ended, actor.language))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(TraineeCog(bot))  # pyright: ignore
