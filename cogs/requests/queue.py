"""`/queue`: see, close and open the request queue."""

from typing import ClassVar

from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.log.pages import answer_queue_history
from components.queue_info import queue_info
from components.replies import answer
from facades.requests.close_queue import close_queue
from facades.requests.describe_queue import describe_queue
from facades.requests.open_queue import open_queue
from util.identifiers import Module
from util.texts import Text


class QueueCog(GreenlightCog):
    """The group `/queue`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    queue = app_commands.Group(name="queue", description="The request queue", guild_only=True)

    @queue.command(name="close")
    async def close(self, interaction: Interaction) -> None:
        """Close the queue.

        Answers that the queue is closed; the notice goes to the route `requests_closed`. Refused when it is closed
        already.
        """
        actor = await self.actor(interaction)
        pending = await close_queue(self.app, actor=actor)
        settings = await self.app.guild(actor.guild_id)
        await answer(interaction, settings.say(Text.QUEUE_CLOSED, actor.language, pending=pending))

    @queue.command(name="open")
    async def open(self, interaction: Interaction) -> None:
        """Open the queue.

        Answers that the queue is open; the notice goes to the route `requests_reopened`. Refused when it is open
        already.
        """
        actor = await self.actor(interaction)
        pending = await open_queue(self.app, actor=actor)
        settings = await self.app.guild(actor.guild_id)
        await answer(interaction, settings.say(Text.QUEUE_OPENED, actor.language, pending=pending))

    @queue.command(name="info")
    async def info(self, interaction: Interaction) -> None:
        """Show how the queue stands.

        Answers whether the queue is open, since when and by whom, how many requests are pending, and when it closes or
        opens by itself.
        """
        actor = await self.actor(interaction)
        info = await describe_queue(self.app, actor=actor)
        await answer(interaction, queue_info(await self.app.guild(actor.guild_id), info, actor.language))

    @queue.command(name="history")
    async def history(self, interaction: Interaction) -> None:
        """Show when the queue was closed and opened.

        Answers with the closings and openings of the queue, page by page.
        """
        await answer_queue_history(interaction, await self.actor(interaction))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(QueueCog(bot))  # pyright: ignore
