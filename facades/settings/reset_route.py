"""Let a route lead to the channel again that `/setup` chose."""

from db.models import RouteOverride
from facades.app import App
from facades.settings.set_route import SetRoute, require_access
from util.actor import Actor
from util.errors import Conflict, Refused
from util.identifiers import EventType, Flag, Route
from util.phrases import channel_mention
from util.texts import Text


async def reset_route(app: App, *, actor: Actor, route: Route) -> SetRoute:
    """Let a route lead to its default channel and return the change.

    Raises `Forbidden`, `Refused` when there is no default, it was deleted, or the bot lacks permissions there; `Conflict`
    when the route leads there already; and what the Discord service raises when the guild is not known.
    """
    actor.require(Flag.ADMIN)
    shape = app.discord.guild_shape(actor.guild_id)
    async with app.transaction(actor.guild_id) as tx:
        row = await tx.session.get(RouteOverride, (actor.guild_id, route))
        default = None if row is None else row.default_channel_id
        name = Text(f"route.{route.value}.name")
        if row is None or default is None:
            raise Refused(Text.ROUTE_NO_DEFAULT, route=name)
        channel = shape.channel(default)
        if channel is None:
            raise Refused(Text.ROUTE_DEFAULT_GONE, route=name)
        if row.channel_id in {None, default}:
            raise Conflict(Text.ROUTE_RESET_ALREADY, route=name, channel=channel_mention(default))
        require_access(tx.settings, actor, route, channel)
        old, row.channel_id = row.channel_id, None
        tx.settings_changed = True
        fields = {"route": route.value, "old_channel_id": old, "new_channel_id": default}
        tx.log(EventType.ROUTE_CHANNEL_RESET, actor.user_id, **fields)
    return SetRoute(route, old, default, ())
