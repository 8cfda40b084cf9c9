"""`/log`: read the event log, and put together filters over it."""

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.autocomplete import suggestions
from components.boundary import HasApp, Interaction
from components.log.answers import (
    answer_description,
    answer_field_change,
    answer_lifted,
    answer_saved,
    answer_selected,
    answer_type_change,
    answer_user_change,
    doer,
)
from components.log.pages import answer_events
from components.log.questions import ask_to_delete
from components.log.suggestions import (
    suggest_fields,
    suggest_filters,
    suggest_restricted_fields,
    suggest_types,
    suggest_values,
)
from components.pages.turning import PagedList, answer_list
from facades.operations.describe_log_filter import describe_log_filter
from facades.operations.find_log_filter import find_log_filter
from facades.operations.lift_log_field import lift_log_field
from facades.operations.lift_log_restrictions import Part, lift_log_restrictions
from facades.operations.open_log import open_log
from facades.operations.restrict_log_field import restrict_log_field
from facades.operations.restrict_log_type import restrict_log_type
from facades.operations.restrict_log_user import restrict_log_user
from facades.operations.save_log_filter import save_log_filter
from facades.operations.select_log_filter import select_log_filter


class LogCog(GreenlightCog):
    """The commands `/log …`."""

    log = app_commands.Group(name="log", description="The event log and its filters.", guild_only=True)

    @log.command(name="view")
    async def view(self, interaction: Interaction, timestamp: str | None = None) -> None:
        """Show the events that match the active filter.

        Answers with the events that fit the active filter, oldest first or from the given moment on, page by page.
        """
        actor = await self.actor(interaction)
        opened = await open_log(self.app, actor=actor, timestamp=timestamp)
        await answer_events(interaction, actor, opened)

    @log.command(name="restrict_type")
    async def restrict_type(self, interaction: Interaction, event_type: str) -> None:
        """Show only events of a type.

        Answers with the active filter as it is now; restrictions of fields that the type lacks are lifted, and named.
        """
        actor = await self.actor(interaction)
        made = await restrict_log_type(self.app, actor=actor, event_type=event_type)
        await answer_type_change(interaction, actor, made)

    @log.command(name="restrict_user")
    async def restrict_user(self, interaction: Interaction, user: discord.Member | discord.User) -> None:
        """Show only what a user did.

        Answers with the active filter as it is now.
        """
        actor = await self.actor(interaction)
        change = await restrict_log_user(self.app, actor=actor, user_id=doer(interaction, user))
        await answer_user_change(interaction, actor, change)

    @log.command(name="restrict_custom_field")
    async def restrict_custom_field(self, interaction: Interaction, key: str, value: str) -> None:
        """Show only events with a value of a field.

        Answers with the active filter as it is now, or that the type has no such field. Only events with exactly this
        value fit.
        """
        actor = await self.actor(interaction)
        made = await restrict_log_field(self.app, actor=actor, key=key, value=value)
        await answer_field_change(interaction, actor, made)

    @log.command(name="unrestrict_type")
    async def unrestrict_type(self, interaction: Interaction) -> None:
        """Lift the restriction of the type.

        Answers with the active filter as it is now.
        """
        await self._lift(interaction, Part.TYPE)

    @log.command(name="unrestrict_user")
    async def unrestrict_user(self, interaction: Interaction) -> None:
        """Lift the restriction of the user.

        Answers with the active filter as it is now.
        """
        await self._lift(interaction, Part.USER)

    @log.command(name="unrestrict_custom_field")
    async def unrestrict_custom_field(self, interaction: Interaction, key: str) -> None:
        """Lift the restriction of a field.

        Answers with the active filter as it is now, or that the field was not restricted.
        """
        actor = await self.actor(interaction)
        made = await lift_log_field(self.app, actor=actor, key=key)
        await answer_field_change(interaction, actor, made)

    @log.command(name="clear_custom_field_restrictions")
    async def clear_custom_field_restrictions(self, interaction: Interaction) -> None:
        """Lift the restrictions of all fields.

        Answers with the active filter as it is now.
        """
        await self._lift(interaction, Part.FIELDS)

    @log.command(name="clear_filter")
    async def clear_filter(self, interaction: Interaction) -> None:
        """Lift all restrictions.

        Answers that the active filter is empty.
        """
        await self._lift(interaction, Part.ALL)

    async def _lift(self, interaction: Interaction, part: Part) -> None:
        actor = await self.actor(interaction)
        change = await lift_log_restrictions(self.app, actor=actor, part=part)
        await answer_lifted(interaction, actor, part, change)

    @log.command(name="save_filter")
    async def save_filter(self, interaction: Interaction, name: str) -> None:
        """Save the active filter.

        Answers that the filter is saved for the whole server; asks first when the name is taken.
        """
        actor = await self.actor(interaction)
        saved = await save_log_filter(self.app, actor=actor, name=name)
        await answer_saved(interaction, actor, saved)

    @log.command(name="select_filter")
    async def select_filter(self, interaction: Interaction, name: str) -> None:
        """Select a saved filter.

        Answers with the filter that is active now.
        """
        actor = await self.actor(interaction)
        selected = await select_log_filter(self.app, actor=actor, name=name)
        await answer_selected(interaction, actor, selected)

    @log.command(name="delete_filter")
    async def delete_filter(self, interaction: Interaction, name: str) -> None:
        """Delete a saved filter, once it is confirmed.

        Answers with a question; after a yes, that the filter is gone.
        """
        actor = await self.actor(interaction)
        kept = await find_log_filter(self.app, actor=actor, name=name)
        await ask_to_delete(interaction, actor, kept)

    @log.command(name="list_filters")
    async def list_filters(self, interaction: Interaction) -> None:
        """List the saved filters.

        Answers with the saved filters of the server, page by page.
        """
        await answer_list(interaction, await self.actor(interaction), PagedList.FILTERS)

    @log.command(name="describe_filter")
    async def describe_filter(self, interaction: Interaction, name: str | None = None) -> None:
        """Describe the active filter or a saved one.

        Answers with every restriction of the filter.
        """
        actor = await self.actor(interaction)
        found = await describe_log_filter(self.app, actor=actor, name=name)
        await answer_description(interaction, actor, found)

    restrict_type.autocomplete("event_type")(suggestions(suggest_types))
    restrict_custom_field.autocomplete("key")(suggestions(suggest_fields))
    restrict_custom_field.autocomplete("value")(suggestions(suggest_values))
    unrestrict_custom_field.autocomplete("key")(suggestions(suggest_restricted_fields))
    save_filter.autocomplete("name")(suggestions(suggest_filters))
    select_filter.autocomplete("name")(suggestions(suggest_filters))
    delete_filter.autocomplete("name")(suggestions(suggest_filters))
    describe_filter.autocomplete("name")(suggestions(suggest_filters))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(LogCog(bot))  # pyright: ignore
