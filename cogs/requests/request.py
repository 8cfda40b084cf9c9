"""`/request`: ask for a level to be looked at, and find or remove what was asked for."""

from typing import ClassVar

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.autocomplete import suggestions
from components.boundary import HasApp, Interaction
from components.buttons import assess, opinion, resolve
from components.buttons.delete_request import ask_deletion
from components.choices import language_choices
from components.modals.request_submission import open_request_form
from components.replies import answer, think
from components.request_suggestions import pending_levels, requests
from components.request_words import cards_text, inserted_text, waiting_text
from facades.requests.find_ignored_request import find_ignored_request
from facades.requests.find_request_cards import find_request_cards
from facades.requests.find_unresolved_request import find_unresolved_request
from facades.requests.insert_request import LONGEST_CREATOR_NAME, insert_request
from facades.requests.prepare_deletion import prepare_deletion
from facades.requests.prepare_request import prepare_request
from facades.requests.request_rules import LEAST_LEVEL_ID, MOST_LEVEL_ID
from facades.requests.store_request import LONGEST_COMMENT, LONGEST_SHOWCASE
from util.identifiers import Module
from util.texts import Text

BUTTONS = (assess, opinion, resolve)
"""The cards' buttons: importing them is what makes them known to the dispatcher."""
LevelId = app_commands.Range[int, LEAST_LEVEL_ID, MOST_LEVEL_ID]
RequestId = app_commands.Range[int, 1]
Link = app_commands.Range[str, 1, LONGEST_SHOWCASE]
Name = app_commands.Range[str, 1, LONGEST_CREATOR_NAME]
Comment = app_commands.Range[str, 1, LONGEST_COMMENT]


class RequestCog(GreenlightCog):
    """The group `/request`."""

    module: ClassVar[Module | None] = Module.REQUESTS
    request = app_commands.Group(name="request", description="Level requests", guild_only=True)

    @request.command(name="create")
    async def create(self, interaction: Interaction, level_id: LevelId) -> None:
        """Request a level.

        Answers with the form for showcase and comment, or with the first check that fails; when the game server is
        slow, with a button that goes on. After the form: the request's number. The reviewers' card goes to the route
        `pending_request`.
        """
        actor = await self.actor(interaction)
        prepared = await prepare_request(self.app, actor=actor, level_id=level_id)
        await open_request_form(interaction, await self.app.guild(actor.guild_id), actor, prepared)

    @request.command(name="delete")
    @app_commands.autocomplete(request_id=suggestions(requests, int))
    async def delete(self, interaction: Interaction, request_id: RequestId) -> None:
        """Delete a request, after asking.

        Answers with a question naming the request; after a yes, that it is gone with its cards. Reviews and events
        stay.
        """
        actor = await self.actor(interaction)
        doomed = await prepare_deletion(self.app, actor=actor, request_id=request_id)
        await ask_deletion(interaction, await self.app.guild(actor.guild_id), actor, doomed)

    @request.command(name="ignored")
    async def ignored(self, interaction: Interaction) -> None:
        """Show the oldest pending request without opinions.

        Answers with the oldest pending request without an opinion, and the link to its card.
        """
        actor = await self.actor(interaction)
        found = await find_ignored_request(self.app, actor=actor)
        settings = await self.app.guild(actor.guild_id)
        await answer(interaction, waiting_text(settings, Text.REQUEST_WAITING_IGNORED, found, actor.language))

    @request.command(name="unresolved")
    async def unresolved(self, interaction: Interaction) -> None:
        """Show the oldest request that waits for the final decision.

        Answers with the oldest pending request that has opinions, and the link to its resolution card.
        """
        actor = await self.actor(interaction)
        found = await find_unresolved_request(self.app, actor=actor)
        settings = await self.app.guild(actor.guild_id)
        await answer(interaction, waiting_text(settings, Text.REQUEST_WAITING_UNRESOLVED, found, actor.language))

    @request.command(name="widgets")
    @app_commands.autocomplete(level_id=suggestions(pending_levels, int))
    async def widgets(self, interaction: Interaction, level_id: LevelId) -> None:
        """Link the cards of the newest request of a level.

        Answers with the links to the cards of the level's newest request: archive entry or reviewers' card, and
        resolution card.
        """
        actor = await self.actor(interaction)
        found = await find_request_cards(self.app, actor=actor, level_id=level_id)
        await answer(interaction, cards_text(await self.app.guild(actor.guild_id), found, actor.language))

    @request.command(name="insert")
    @app_commands.choices(language=language_choices())
    async def insert(
        self,
        interaction: Interaction,
        level_id: LevelId,
        language: app_commands.Choice[str],
        yt_link: Link | None = None,
        creator_mention: discord.Member | discord.User | None = None,
        creator_name: Name | None = None,
        additional_comment: Comment | None = None,
    ) -> None:
        """Request a level on behalf of its creator.

        Answers with the request's number, or why not even an inserted request is possible: no such level, one is
        pending, no creator, a wrong link.
        """
        await think(interaction)
        actor = await self.actor(interaction)
        creator_id = None if creator_mention is None else creator_mention.id
        taken = await insert_request(
            self.app,
            actor=actor,
            level_id=level_id,
            language=language.value,
            showcase=yt_link,
            creator_id=creator_id,
            creator_is_member=isinstance(creator_mention, discord.Member),
            creator_name=creator_name,
            comment=additional_comment,
        )
        settings = await self.app.guild(actor.guild_id)
        said = inserted_text(settings, taken, actor.language, creator_id=creator_id, creator_name=creator_name)
        await answer(interaction, said)


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(RequestCog(bot))  # pyright: ignore
