"""`/request`: ask for a level to be looked at."""

from typing import ClassVar

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.buttons import assess, opinion, resolve
from components.modals.request_submission import open_request_form
from facades.requests.prepare_request import prepare_request
from facades.requests.request_rules import LEAST_LEVEL_ID, MOST_LEVEL_ID
from util.identifiers import Module

BUTTONS = (assess, opinion, resolve)
"""The cards' buttons: importing them is what makes them known to the dispatcher."""
LevelId = app_commands.Range[int, LEAST_LEVEL_ID, MOST_LEVEL_ID]


class RequestCog(GreenlightCog):
    """The group `/request`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request = app_commands.Group(name="request", description="Level requests", guild_only=True)

    @request.command(name="create")
    async def create(self, interaction: Interaction, level_id: LevelId) -> None:
        """Request a level."""
        actor = await self.actor(interaction)
        prepared = await prepare_request(self.app, actor=actor, level_id=level_id)
        await open_request_form(interaction, await self.app.guild(actor.guild_id), actor, prepared)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(RequestCog(bot))  # pyright: ignore
