"""`/reviews`: what was written about a level, or by somebody."""

from collections.abc import Iterable
from typing import Any, ClassVar

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.autocomplete import suggestions
from components.boundary import HasApp, Interaction
from components.pages import reviews as review_pages
from components.pages.turning import PagedList, answer_list
from facades.app import App
from facades.requests.request_rules import LEAST_LEVEL_ID, MOST_LEVEL_ID
from facades.requests.suggest_requests import suggest_pending
from util.actor import Actor
from util.identifiers import Module

PAGES = review_pages
"""The lists: importing them is what makes them known to the page buttons."""
LevelId = app_commands.Range[int, LEAST_LEVEL_ID, MOST_LEVEL_ID]


async def _pending_levels(app: App, actor: Actor, typed: str, filled: dict[str, Any]) -> Iterable[tuple[str, str]]:
    found = await suggest_pending(app, actor=actor)
    return [(str(one.level_id), f"{one.level_name} ({one.level_id})") for one in found]


class ReviewsCog(GreenlightCog):
    """The group `/reviews`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    reviews = app_commands.Group(name="reviews", description="Reviews of levels", guild_only=True)

    @reviews.command(name="level")
    @app_commands.autocomplete(level_id=suggestions(_pending_levels, int))
    async def level(self, interaction: Interaction, level_id: LevelId) -> None:
        """Get all reviews written for a certain level, without those by trainees.

        Answers with all reviews of the level but trainees', newest first, page by page.
        """
        await answer_list(interaction, await self.actor(interaction), PagedList.REVIEWS_OF_LEVEL, str(level_id))

    @reviews.command(name="user")
    async def user(self, interaction: Interaction, author: discord.Member | discord.User) -> None:
        """Get all reviews written by a certain user, ordered from newest to oldest.

        Answers with all reviews by the user, trainee's reviews too, newest first, page by page.
        """
        await answer_list(interaction, await self.actor(interaction), PagedList.REVIEWS_OF_USER, str(author.id))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(ReviewsCog(bot))  # pyright: ignore
