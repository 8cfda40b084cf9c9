"""`/report`: what has been going on, as pictures."""

from typing import ClassVar

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.choices import choices_of
from components.reports.answer import answer_report
from facades.requests.reports.asked import ReportKind
from util.identifiers import Module
from util.local_days import Granularity

GRANULARITIES = choices_of(Granularity)
Choice = app_commands.Choice[str]


class ReportCog(GreenlightCog):
    """The group `/report`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    report = app_commands.Group(name="report", description="Reports about requests and reviews", guild_only=True)

    @report.command(name="new_requests")
    @app_commands.choices(granularity=GRANULARITIES)
    async def new_requests(
        self,
        interaction: Interaction,
        date_from: str | None = None,
        date_to: str | None = None,
        granularity: Choice | None = None,
        private: bool = False,
    ) -> None:
        """Plot a number of new requests per day (or week).

        Answers with a picture, visible to all unless `private`, its figures in words, and buttons for a CSV and an interactive
        file. Days on which the queue was closed from beginning to end are red.
        """
        await answer_report(
            interaction,
            await self.actor(interaction),
            ReportKind.NEW_REQUESTS,
            date_from=date_from,
            date_to=date_to,
            granularity=granularity.value if granularity else None,
            private=private,
        )

    @report.command(name="pending_requests")
    @app_commands.choices(granularity=GRANULARITIES)
    async def pending_requests(
        self,
        interaction: Interaction,
        date_from: str | None = None,
        date_to: str | None = None,
        granularity: Choice | None = None,
        private: bool = False,
    ) -> None:
        """Plot a number of remaining pending requests at the end of each day (or week).

        Answers with a picture, visible to all unless `private`, its figures in words, and buttons for a CSV and an interactive
        file. Lines show at how many requests the queue closes and reopens by itself now.
        """
        await answer_report(
            interaction,
            await self.actor(interaction),
            ReportKind.PENDING_REQUESTS,
            date_from=date_from,
            date_to=date_to,
            granularity=granularity.value if granularity else None,
            private=private,
        )

    @report.command(name="review_activity")
    @app_commands.choices(granularity=GRANULARITIES)
    async def review_activity(
        self,
        interaction: Interaction,
        date_from: str | None = None,
        date_to: str | None = None,
        granularity: Choice | None = None,
        private: bool = False,
    ) -> None:
        """Plot a number of reviews posted by each reviewer per day (or week).

        Answers with a picture, visible to all unless `private`, a ranking, and buttons for a CSV and an interactive file.
        Counted are reviews by reviewers: no opinions without a text, no trainees' reviews and no moderators' decisions.
        """
        await answer_report(
            interaction,
            await self.actor(interaction),
            ReportKind.REVIEW_ACTIVITY,
            date_from=date_from,
            date_to=date_to,
            granularity=granularity.value if granularity else None,
            private=private,
        )

    @report.command(name="reviewer_opinions")
    async def reviewer_opinions(
        self,
        interaction: Interaction,
        reviewer: discord.Member | discord.User,
        date_from: str | None = None,
        date_to: str | None = None,
        private: bool = False,
    ) -> None:
        """Plot a proportion of approvals versus rejections by a certain reviewer.

        Answers with a picture, visible to all unless `private`, its figures in words, and buttons for a CSV and an interactive
        file. Counted are opinions as a reviewer, with or without a review.
        """
        await answer_report(
            interaction,
            await self.actor(interaction),
            ReportKind.REVIEWER_OPINIONS,
            date_from=date_from,
            date_to=date_to,
            reviewer_id=reviewer.id,
            private=private,
        )


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(ReportCog(bot))  # pyright: ignore
