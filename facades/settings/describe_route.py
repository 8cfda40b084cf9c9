"""Tell what a route is for, where it leads and whether the bot may post there."""

from dataclasses import dataclass

from db.models import RouteOverride
from facades.app import App
from facades.settings.required_permissions import missing_permissions
from services.discord import GuildShape
from util.actor import Actor
from util.identifiers import Flag, Route


@dataclass(frozen=True)
class RouteDetails:
    """A route. `channel_id` None: it leads nowhere; `default_channel_id`: what `/setup` chose; `is_…gone`: that was deleted.

    `lacking`: what the bot still needs in the channel, by discord.py's names.
    """

    route: Route
    enabled: bool = True
    channel_id: int | None = None
    is_gone: bool = False
    default_channel_id: int | None = None
    is_default_gone: bool = False
    lacking: tuple[str, ...] = ()


async def describe_route(app: App, *, actor: Actor, route: Route) -> RouteDetails:
    """Return a route of the actor's guild. Raises `Forbidden`, or what the Discord service raises."""
    actor.require(Flag.ADMIN)
    shape = app.discord.guild_shape(actor.guild_id)
    async with app.reading() as session:
        row = await session.get(RouteOverride, (actor.guild_id, route))
    if row is None:
        return RouteDetails(route)
    channel_id, default = row.channel_id or row.default_channel_id, row.default_channel_id
    found = None if channel_id is None else shape.channel(channel_id)
    lacking = () if found is None else missing_permissions(route, found.access)
    return RouteDetails(route, row.enabled, channel_id, _is_gone(shape, channel_id), default, _is_gone(shape, default), lacking)


def _is_gone(shape: GuildShape, channel_id: int | None) -> bool:
    return channel_id is not None and shape.channel(channel_id) is None
