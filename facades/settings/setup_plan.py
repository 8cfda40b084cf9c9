"""What `/setup` would create in a guild, and what it needs for that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from config.definitions import definitions
from config.guild_settings import GuildSettings, RouteState
from facades.settings.required_permissions import REQUIRED_EVERYWHERE, REQUIRED_IN_GUILD, all_channel_permissions
from services.discord import GuildShape, Overwrite
from util.identifiers import Flag, Route

JUST_NOW: Final = timedelta(minutes=1)
"""For so long a channel or role that the gateway has not shown yet counts as there: its news may still be on the way."""
DISCORD_EPOCH_MS: Final = 1_420_070_400_000

AUDIENCES: Final[dict[str, tuple[Flag, ...]]] = {
    "everyone": (),
    "staff": (Flag.ADMIN, Flag.LOG_VIEWER),
    "reviewers": (Flag.ADMIN, Flag.REVIEWER, Flag.TRAINEE, Flag.GD_MOD),
    "moderators": (Flag.ADMIN, Flag.GD_MOD),
    "trainees": (Flag.ADMIN, Flag.TRAINEE, Flag.TRAINEE_SUPERVISOR),
}
"""Who sees a channel of each audience, by flags; `everyone` sees the rest and writes in none of them."""
READ: Final = frozenset({"view_channel", "read_message_history"})
SILENT: Final = frozenset({"send_messages", "create_public_threads"})


@dataclass(frozen=True)
class PlannedChannel:
    """A channel to create, for all routes that suggest it."""

    name: str
    audience: str
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class PlannedRole:
    """A role to create, for all flags that suggest it."""

    name: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class SetupPlan:
    """What is missing. `shared`: routes that can go to the channel which another route's `/setup` made; `lacking`:
    permissions that the bot needs first, by discord.py's names.
    """

    channels: tuple[PlannedChannel, ...]
    roles: tuple[PlannedRole, ...]
    shared: tuple[tuple[Route, int], ...]
    lacking: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is missing."""
        return not (self.channels or self.roles or self.shared)


def plan_setup(settings: GuildSettings, shape: GuildShape, now: datetime) -> SetupPlan:
    """Return what is missing in a guild."""
    shared: list[tuple[Route, int]] = []
    missing: dict[tuple[str, str], list[Route]] = {}
    homes = _homes(settings, shape, now)
    for route, definition in definitions().routes.items():
        if not settings.is_on(definition.module) or leads_somewhere(settings, shape, route, now):
            continue
        home = (definition.suggested_channel, definition.audience)
        if home in homes:
            shared.append((route, homes[home]))
        else:
            missing.setdefault(home, []).append(route)
    channels = tuple(PlannedChannel(name, audience, tuple(routes)) for (name, audience), routes in missing.items())
    roles = _missing_roles(settings, shape, now)
    return SetupPlan(channels, roles, tuple(shared), _lacking(shape, channels, roles))


def leads_somewhere(settings: GuildSettings, shape: GuildShape, route: Route, now: datetime) -> bool:
    """Tell whether a route has a channel that exists; whether it is disabled does not matter."""
    channel_id = settings.routes.get(route, RouteState()).channel_id
    return channel_id is not None and (shape.channel(channel_id) is not None or is_just_made(channel_id, now))


def living_roles(settings: GuildSettings, shape: GuildShape, flag: Flag, now: datetime) -> tuple[int, ...]:
    """Return the roles of a flag that exist."""
    return tuple(role for role in settings.roles_of(flag) if shape.role(role) is not None or is_just_made(role, now))


def is_just_made(snowflake: int, now: datetime) -> bool:
    """Tell whether an id of Discord was made a moment ago."""
    return abs(now - made_at(snowflake)) < JUST_NOW


def made_at(snowflake: int) -> datetime:
    """Return when an id of Discord was made (Discord's reference, "Snowflakes")."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)


def overwrites_for(audience: str, roles: Iterable[int], shape: GuildShape) -> tuple[Overwrite, ...]:
    """Return who may do what in a new channel of an audience, whose roles are given; the bot may always."""
    own = Overwrite(shape.own_id, allow=frozenset(all_channel_permissions()) & shape.permissions, is_member=True)
    if audience == "everyone":
        return (Overwrite(shape.id, allow=READ, deny=SILENT & shape.permissions), own)
    readers = tuple(Overwrite(role_id, allow=READ) for role_id in sorted(set(roles) - {shape.id}))
    return (Overwrite(shape.id, deny=frozenset({"view_channel"})), *readers, own)


def _homes(settings: GuildSettings, shape: GuildShape, now: datetime) -> dict[tuple[str, str], int]:
    """Return the channels that routes have under their suggested names, by name and audience."""
    homes: dict[tuple[str, str], int] = {}
    for route, definition in definitions().routes.items():
        channel_id = settings.routes.get(route, RouteState()).channel_id
        if channel_id is None or not leads_somewhere(settings, shape, route, now):
            continue
        channel = shape.channel(channel_id)
        if channel is None or channel.name == definition.suggested_channel:
            homes[(definition.suggested_channel, definition.audience)] = channel_id
    return homes


def _missing_roles(settings: GuildSettings, shape: GuildShape, now: datetime) -> tuple[PlannedRole, ...]:
    missing: dict[str, list[Flag]] = {}
    for flag, definition in definitions().flags.items():
        is_off = definition.module is not None and not settings.is_on(definition.module)
        if definition.suggested_role is None or is_off or living_roles(settings, shape, flag, now):
            continue
        missing.setdefault(definition.suggested_role, []).append(flag)
    return tuple(PlannedRole(name, tuple(flags)) for name, flags in missing.items())


def _lacking(shape: GuildShape, channels: tuple[PlannedChannel, ...], roles: tuple[PlannedRole, ...]) -> tuple[str, ...]:
    """Return what the bot lacks to create these. Who creates a channel can grant in it only what they have themselves."""
    needed: tuple[str, ...] = ()
    if channels:
        needed = (*REQUIRED_IN_GUILD, *REQUIRED_EVERYWHERE)
    elif roles:
        needed = ("manage_roles",)
    return tuple(name for name in needed if name not in shape.permissions)
