"""Let a route lead to a channel."""

from dataclasses import dataclass

from config.guild_settings import GuildSettings
from db.models import RouteOverride
from db.upsert import upsert
from facades.app import App
from facades.settings.required_permissions import missing_permissions
from services.discord import ChannelShape
from util.actor import Actor
from util.errors import Conflict, NotFound, Refused
from util.identifiers import EventType, Flag, Route
from util.phrases import channel_mention
from util.texts import Text


@dataclass(frozen=True)
class SetRoute:
    """A route's change. `lacking`: what the bot still needs in the channel to post there, by discord.py's names."""

    route: Route
    old: int | None
    new: int
    lacking: tuple[str, ...]


async def set_route(app: App, *, actor: Actor, route: Route, channel_id: int, as_default: bool = False) -> SetRoute:
    """Let a route lead to a channel of the actor's guild and return the change.

    `as_default`: it is the channel to which the route goes back when it is reset, as `/setup` chooses it, which shows what
    the bot lacks there. Otherwise a channel where it lacks something is refused. Raises `Forbidden`, `NotFound` for a
    channel that is not in the guild, `Refused` also for one that takes no messages, `Conflict` when the route leads there
    already, and what the Discord service raises when the guild is not known.
    """
    actor.require(Flag.ADMIN)
    channel = app.discord.guild_shape(actor.guild_id).channel(channel_id)
    if channel is None:
        raise NotFound(Text.ROUTE_CHANNEL_UNKNOWN)
    if not channel.kind.takes_messages:
        raise Refused(Text.ROUTE_CHANNEL_TAKES_NO_MESSAGES, channel=channel_mention(channel_id))
    if not as_default:
        require_access(await app.guild(actor.guild_id), actor, route, channel)
    async with app.transaction(actor.guild_id) as tx:
        row = await tx.session.get(RouteOverride, (actor.guild_id, route))
        old = None if row is None else row.channel_id or row.default_channel_id
        if old == channel_id and not as_default:
            raise Conflict(Text.ROUTE_UNCHANGED, route=_name(route), channel=channel_mention(channel_id))
        values = {"channel_id": None, "default_channel_id": channel_id} if as_default else {"channel_id": channel_id}
        await upsert(tx.session, RouteOverride, {"guild_id": actor.guild_id, "key": route}, values)
        tx.settings_changed = True
        fields = {"route": route.value, "old_channel_id": old, "new_channel_id": channel_id}
        if as_default:
            tx.log(EventType.SETUP_CHANGED, actor.user_id, changed="route", **fields)
        else:
            tx.log(EventType.ROUTE_CHANNEL_SET, actor.user_id, **fields)
    return SetRoute(route, old, channel_id, missing_permissions(route, channel.access))


def require_access(settings: GuildSettings, actor: Actor, route: Route, channel: ChannelShape) -> None:
    """Raise `Refused`, naming what is missing, when the bot cannot do in a channel what the route needs."""
    lacking = missing_permissions(route, channel.access)
    if not lacking:
        return
    names = ", ".join(settings.label(Text(f"discord_permission.{name}"), actor.language) for name in lacking)
    mention = channel_mention(channel.id)
    raise Refused(Text.ROUTE_LACKS, count=len(lacking), route=_name(route), channel=mention, permissions=names)


def _name(route: Route) -> Text:
    return Text(f"route.{route.value}.name")
