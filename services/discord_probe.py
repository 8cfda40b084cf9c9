"""A look at Discord without connecting: whom a token belongs to, and what the bot may do where. For the doctor."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

# Discord's reference, "Bitwise Permission Flags"; names as in discord.py.
BITS: Final[Mapping[str, int]] = {
    "manage_channels": 1 << 4,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "manage_roles": 1 << 28,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "create_private_threads": 1 << 36,
    "send_messages_in_threads": 1 << 38,
}
_ADMINISTRATOR: Final = 1 << 3
_EVERYTHING: Final = (1 << 64) - 1
# Discord's reference, "Application Flags": the second is for bots in fewer than a hundred guilds.
_GUILD_MEMBERS_INTENT: Final = (1 << 14) | (1 << 15)
_TRIES: Final = 4
_LONGEST_PAUSE: Final = 5.0


class ProbeFailed(Exception):
    """Discord could not be asked; the message says why."""


class TokenRefused(ProbeFailed):
    """Discord does not know the token."""


@dataclass(frozen=True)
class Identity:
    """Whom the token belongs to."""

    user_id: int
    name: str
    application_id: int
    has_members_intent: bool


@dataclass(frozen=True)
class ChannelAccess:
    """A channel and what the bot may do in it, as Discord's permission bits."""

    name: str
    permissions: int

    def lacking(self, required: Iterable[str]) -> tuple[str, ...]:
        """Return which of the permissions, by their names in `BITS`, are missing. Raises KeyError for an unknown name."""
        return _lacking(self.permissions, required)


@dataclass(frozen=True)
class GuildAccess:
    """A guild that the bot is a member of."""

    name: str
    permissions: int
    channels: Mapping[int, ChannelAccess] = field(default_factory=dict[int, ChannelAccess])

    def lacking(self, required: Iterable[str]) -> tuple[str, ...]:
        """Return which of the permissions are missing in the guild as a whole; names as in `ChannelAccess.lacking`."""
        return _lacking(self.permissions, required)


def _lacking(held: int, required: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in required if not held & BITS[name]))


def permission_bits(names: Iterable[str]) -> int:
    """Return the number that stands for some permissions, as in invite links. Raises KeyError for an unknown name."""
    bits = 0
    for name in names:
        bits |= BITS[name]
    return bits


class DiscordProbe:
    """Asks Discord's HTTP API with a token. Use it as an async context manager."""

    def __init__(self, api_url: str, token: str, *, timeout: float = 10.0) -> None:
        self.api_url = api_url
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (greenlight, doctor)"}
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connection."""
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()

    async def identity(self) -> Identity:
        """Return whom the token belongs to. Raises `TokenRefused` and `ProbeFailed`."""
        user = await self._get("/users/@me")
        application = await self._get("/applications/@me")
        if user is None or application is None:
            raise ProbeFailed("Discord does not show the application")
        intents = int(application.get("flags") or 0) & _GUILD_MEMBERS_INTENT
        return Identity(int(user["id"]), str(user["username"]), int(application["id"]), bool(intents))

    async def guild(self, guild_id: int, bot_id: int) -> GuildAccess | None:
        """Return what the bot may do in a guild; None when it is not a member. Raises `TokenRefused` and `ProbeFailed`."""
        guild = await self._get(f"/guilds/{guild_id}")
        member = await self._get(f"/guilds/{guild_id}/members/{bot_id}")
        channels = await self._get(f"/guilds/{guild_id}/channels")
        if guild is None or member is None or channels is None:
            return None
        base = base_permissions(guild, member, bot_id)
        access = {
            int(channel["id"]): ChannelAccess(str(channel["name"]), channel_permissions(base, guild_id, channel, member, bot_id))
            for channel in channels
        }
        return GuildAccess(str(guild["name"]), base, access)

    async def _get(self, path: str) -> Any:
        """Return an answer, None for what is not there or not ours. A rate limit is waited for when it is short."""
        assert self._session is not None, "the probe is used as an async context manager"
        for _ in range(_TRIES):
            try:
                async with self._session.get(self.api_url + path) as response:
                    if response.status != HTTPStatus.TOO_MANY_REQUESTS:
                        return await self._read(response)
                    pause = float(response.headers.get("Retry-After", "1"))
            except TimeoutError:
                raise ProbeFailed("no answer in time") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise ProbeFailed(str(error) or type(error).__name__) from error
            await asyncio.sleep(min(pause, _LONGEST_PAUSE))
        raise ProbeFailed("Discord asks to wait")

    async def _read(self, response: aiohttp.ClientResponse) -> Any:
        if response.status == HTTPStatus.UNAUTHORIZED:
            raise TokenRefused("the token is not known")
        if response.status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            return None
        if response.status != HTTPStatus.OK:
            raise ProbeFailed(f"HTTP {response.status}")
        return await response.json(content_type=None)


def base_permissions(guild: Mapping[str, Any], member: Mapping[str, Any], member_id: int) -> int:
    """Return a member's permissions before any channel changes them. Rules: Discord's reference, "Permission Hierarchy"."""
    if int(guild["owner_id"]) == member_id:
        return _EVERYTHING
    held = {str(guild["id"]), *map(str, member["roles"])}
    permissions = 0
    for role in guild["roles"]:
        if str(role["id"]) in held:
            permissions |= int(role["permissions"])
    return _EVERYTHING if permissions & _ADMINISTRATOR else permissions


def channel_permissions(base: int, guild_id: int, channel: Mapping[str, Any], member: Mapping[str, Any], member_id: int) -> int:
    """Return a member's permissions in a channel: overwrites of everyone, then of all roles together, then of the member."""
    if base & _ADMINISTRATOR:
        return _EVERYTHING
    overwrites = {str(item["id"]): item for item in channel.get("permission_overwrites") or ()}
    permissions = base
    for group in ([str(guild_id)], [str(role) for role in member["roles"]], [str(member_id)]):
        present = [overwrites[key] for key in group if key in overwrites]
        for item in present:
            permissions &= ~int(item["deny"])
        for item in present:
            permissions |= int(item["allow"])
    return permissions if permissions & BITS["view_channel"] else 0
