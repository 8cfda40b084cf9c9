"""One REST request as the routes see it, and the table that finds the route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import Json, missing_access, missing_permissions, unauthorized, unknown
from .models import Application, Channel, Guild, Member, User
from .permissions import DM, Permission, channel_permissions, guild_permissions
from .rules.checks import as_object
from .rules.messages import Upload
from .snowflakes import parse_snowflake
from .world import World


@dataclass
class Call:
    """A request: who asks, the ids in its path, its query and body."""

    world: World
    method: str
    path: str
    query: dict[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list[Upload])
    caller: Application | None = None
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def application(self) -> Application:
        """The bot that asks. Raises 401 when the token was missing or wrong."""
        if self.caller is None:
            raise unauthorized()
        return self.caller

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.application.user

    @property
    def json(self) -> Json:
        """The body as an object, empty when there is none."""
        return as_object(self.body) or {}

    def id(self, name: str, code: int = 10003) -> int:
        """Return an id from the path. Raises the "unknown" error of `code` when it is none."""
        found = parse_snowflake(self.ids[name])
        if found is None:
            raise unknown(code)
        return found

    def guild(self) -> Guild:
        """Return the guild in the path. Raises 10004 when the bot is not in it."""
        guild = self.world.guild(self.id("guild_id", 10004))
        if self.application.id not in guild.applications:
            raise unknown(10004)
        return guild

    def me(self, guild: Guild) -> Member:
        """Return the bot's member in a guild."""
        return guild.members[self.bot.id]

    def channel(self, *needed: Permission) -> Channel:
        """Return the channel in the path if the bot sees it and has the permissions.

        Raises 10003, 50001 without sight and 50013 without one of the permissions.
        """
        channel = self.world.channel(self.id("channel_id"))
        self.need(channel, *needed)
        return channel

    def permissions(self, channel: Channel) -> int:
        """Return the bot's bits in a channel. Raises 50001 when it is not there."""
        guild = self.world.guild_of(channel)
        if guild is None:
            if self.bot not in channel.recipients:
                raise missing_access()
            return DM
        member = guild.members.get(self.bot.id)
        if member is None:
            raise missing_access()
        return channel_permissions(guild, member, channel)

    def need(self, channel: Channel, *needed: Permission) -> int:
        """Return the bot's bits in a channel. Raises 50001 without sight and 50013 without one of the permissions."""
        bits = self.permissions(channel)
        if not bits & Permission.VIEW_CHANNEL:
            raise missing_access()
        if any(not bits & item for item in needed):
            raise missing_permissions()
        return bits

    def need_in_guild(self, guild: Guild, needed: Permission) -> int:
        """Return the bot's bits in a guild. Raises 50013 without the permission."""
        bits = guild_permissions(guild, self.me(guild))
        if not bits & needed:
            raise missing_permissions()
        return bits

    def member(self, guild: Guild, name: str = "user_id") -> Member:
        """Return the member in the path. Raises 10007 or 10013."""
        text = self.ids[name]
        user_id = self.bot.id if text == "@me" else self.id(name, 10013)
        member = guild.members.get(user_id)
        if member is None:
            raise unknown(10007 if user_id in self.world.users else 10013)
        return member


@dataclass(frozen=True)
class Reply:
    """A JSON answer with a status other than 200."""

    status: int
    body: Any = None


Handler = Callable[[Call], Awaitable[Any] | Any]


@dataclass(frozen=True)
class Route:
    """One method and path with the function that answers."""

    method: str
    template: str
    handler: Handler

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path."""
        return tuple(self.template.strip("/").split("/"))


class RouteTable:
    """Finds a route by the number of its parts and its fixed parts."""

    def __init__(self, routes: list[Route]) -> None:
        self._by_length: dict[int, list[tuple[tuple[str, ...], Route]]] = {}
        for route in routes:
            self._by_length.setdefault(len(route.segments), []).append((route.segments, route))
        for found in self._by_length.values():
            # Fixed parts win over ids, as in `/threads/active` against `/threads/{id}`.
            found.sort(key=lambda item: sum(part.startswith("{") for part in item[0]))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | str | None:
        """Return a route with the ids in its path, "method" when only other methods exist, or None."""
        parts = path.strip("/").split("/")
        other = False
        for segments, route in self._by_length.get(len(parts), ()):
            ids: dict[str, str] = {}
            for segment, part in zip(segments, parts, strict=True):
                if segment.startswith("{"):
                    ids[segment[1:-1]] = part
                elif segment != part:
                    break
            else:
                if route.method == method:
                    return route, ids
                other = True
        return "method" if other else None
