"""Disable a route, or enable it again."""

from db.models import RouteOverride
from db.upsert import upsert
from facades.app import App
from util.actor import Actor
from util.errors import Conflict
from util.identifiers import EventType, Flag, Route
from util.texts import Text


async def toggle_route(app: App, *, actor: Actor, route: Route, enabled: bool) -> int | None:
    """Enable or disable a route and return the channel it leads to, None without one.

    Raises `Forbidden`, or `Conflict` when it is so already.
    """
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        row = await tx.session.get(RouteOverride, (actor.guild_id, route))
        if (row is None or row.enabled) == enabled:
            key = Text.ROUTE_ON_ALREADY if enabled else Text.ROUTE_OFF_ALREADY
            raise Conflict(key, route=Text(f"route.{route.value}.name"))
        await upsert(tx.session, RouteOverride, {"guild_id": actor.guild_id, "key": route}, {"enabled": enabled})
        tx.settings_changed = True
        tx.log(EventType.ROUTE_TOGGLED, actor.user_id, route=route.value, enabled=enabled)
    return None if row is None else row.channel_id or row.default_channel_id
