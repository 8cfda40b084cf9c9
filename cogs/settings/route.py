"""`/route`: which messages go to which channel."""

import discord
from discord import app_commands

from cogs.base import GreenlightCog
from components.boundary import HasApp, Interaction
from components.pages.lines import answer_lines
from components.pages.turning import PagedList, answer_list
from components.replies import answer
from components.settings.routes import ROUTE_CHOICES, details_text, details_title, reset_text, set_text, toggled_text
from facades.settings.describe_route import describe_route
from facades.settings.reset_route import reset_route
from facades.settings.set_route import set_route
from facades.settings.toggle_route import toggle_route
from util.identifiers import Route


class RouteCog(GreenlightCog):
    """The commands `/route …`."""

    route = app_commands.Group(name="route", description="Routes: which messages go to which channel.")

    @route.command(name="describe")
    @app_commands.choices(route=ROUTE_CHOICES)
    async def describe(self, interaction: Interaction, route: app_commands.Choice[str]) -> None:
        """View details about a route.

        Answers what goes through the route, to which channel, whether it is enabled and whether the bot may post there.
        """
        actor = await self.actor(interaction)
        found = await describe_route(self.app, actor=actor, route=Route(route.value))
        settings = await self.app.guild(actor.guild_id)
        title = details_title(found.route, settings, actor.language)
        await answer_lines(interaction, title, [details_text(found, settings, actor.language)])

    @route.command(name="disable")
    @app_commands.choices(route=ROUTE_CHOICES)
    async def disable(self, interaction: Interaction, route: app_commands.Choice[str]) -> None:
        """Disable a route, preventing the messages sent through it to be delivered.

        Answers that nothing goes through the route any more.
        """
        await self._toggle(interaction, Route(route.value), enabled=False)

    @route.command(name="enable")
    @app_commands.choices(route=ROUTE_CHOICES)
    async def enable(self, interaction: Interaction, route: app_commands.Choice[str]) -> None:
        """Enable a route, allowing the messages to be delivered through it.

        Answers where the route leads again.
        """
        await self._toggle(interaction, Route(route.value), enabled=True)

    async def _toggle(self, interaction: Interaction, route: Route, *, enabled: bool) -> None:
        actor = await self.actor(interaction)
        channel_id = await toggle_route(self.app, actor=actor, route=route, enabled=enabled)
        settings = await self.app.guild(actor.guild_id)
        await answer(interaction, toggled_text(route, channel_id, settings, actor.language, enabled=enabled))

    @route.command(name="list")
    async def list(self, interaction: Interaction) -> None:
        """List all available routes.

        Answers with all routes, their channels and whether they are enabled.
        """
        await answer_list(interaction, await self.actor(interaction), PagedList.ROUTES)

    @route.command(name="reset_channel")
    @app_commands.choices(route=ROUTE_CHOICES)
    async def reset_channel(self, interaction: Interaction, route: app_commands.Choice[str]) -> None:
        """Reset a route's destination channel to its default value.

        Answers with the old channel and the one that `/setup` chose.
        """
        actor = await self.actor(interaction)
        changed = await reset_route(self.app, actor=actor, route=Route(route.value))
        await answer(interaction, reset_text(changed, await self.app.guild(actor.guild_id), actor.language))

    @route.command(name="update_channel")
    @app_commands.choices(route=ROUTE_CHOICES)
    async def update_channel(
        self, interaction: Interaction, route: app_commands.Choice[str], new_value: discord.TextChannel
    ) -> None:
        """Update a route's destination channel.

        Answers with the old and the new channel, or which permissions the bot lacks there.
        """
        actor = await self.actor(interaction)
        changed = await set_route(self.app, actor=actor, route=Route(route.value), channel_id=new_value.id)
        await answer(interaction, set_text(changed, await self.app.guild(actor.guild_id), actor.language))


async def setup(bot: HasApp) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(RouteCog(bot))  # pyright: ignore
