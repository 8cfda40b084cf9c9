"""Changes to a guild itself: its channels, roles, who has which role, and the bot's commands there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord

from services.discord.calls import Caller
from services.discord.errors import DiscordGone, DiscordUnavailable
from services.discord.shape import GuildShape, shape_of

TEXT_CHANNEL = 0
CATEGORY = 4


@dataclass(frozen=True)
class Overwrite:
    """What a role (or, with `is_member`, one member) may and may not do in a channel, by discord.py's names of permissions."""

    target_id: int
    allow: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()
    is_member: bool = False


class GuildStructure:
    """The part of the wrapper that is about guilds; `DiscordService` inherits it."""

    call: Caller

    def is_serving(self, guild_id: int) -> bool:
        """Tell whether this process serves a guild now. Guild 0, what belongs to no guild, is served with the first shard."""
        try:
            client = self.call.client
        except DiscordUnavailable:
            return False
        if guild_id == 0:
            shards = client.shards if isinstance(client, discord.AutoShardedClient) else {client.shard_id or 0}
            return client.is_ready() and 0 in shards
        guild = client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    def guild_ids(self) -> tuple[int, ...]:
        """Return the guilds that the bot is in, without a call. Raises `DiscordUnavailable` before they are known."""
        client = self.call.client
        if not client.is_ready():
            raise DiscordUnavailable("the client is not connected")
        return tuple(guild.id for guild in client.guilds)

    def guild_shape(self, guild_id: int) -> GuildShape:
        """Return a guild as the gateway last told it, without a call. Raises `DiscordGone` when the bot is not in it."""
        guild = self.call.client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise DiscordGone("the bot is not in this guild")
        return shape_of(guild)

    async def guild_owner(self, guild_id: int) -> int:
        """Return who owns a guild, also one that another process serves."""
        guild = self.call.client.get_guild(guild_id)
        if guild is not None and guild.owner_id is not None:
            return guild.owner_id
        return int((await self.call("GET", "/guilds/{guild_id}", guild_id=guild_id))["owner_id"])

    async def member_roles(self, guild_id: int, user_id: int) -> frozenset[int]:
        """Return the roles that a member has now. Raises `DiscordGone` for somebody who is not in the guild."""
        member = await self.call("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild_id, user_id=user_id)
        return frozenset(int(role_id) for role_id in member["roles"])

    async def add_role(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Give a member a role."""
        await self._member_role("PUT", guild_id, user_id, role_id, reason)

    async def remove_role(self, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        """Take a role from a member."""
        await self._member_role("DELETE", guild_id, user_id, role_id, reason)

    async def _member_role(self, method: str, guild_id: int, user_id: int, role_id: int, reason: str) -> None:
        path = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"
        await self.call(method, path, guild_id=guild_id, user_id=user_id, role_id=role_id, reason=reason)

    async def create_text_channel(
        self,
        guild_id: int,
        name: str,
        *,
        category_id: int | None = None,
        overwrites: Iterable[Overwrite] = (),
        topic: str | None = None,
        reason: str,
    ) -> int:
        """Create a text channel and return its id."""
        body: dict[str, Any] = {"name": name, "type": TEXT_CHANNEL, "permission_overwrites": [_json(one) for one in overwrites]}
        if category_id is not None:
            body["parent_id"] = str(category_id)
        if topic:
            body["topic"] = topic
        return await self._create(guild_id, "channels", body, reason)

    async def create_category(self, guild_id: int, name: str, *, overwrites: Iterable[Overwrite] = (), reason: str) -> int:
        """Create a category and return its id."""
        body = {"name": name, "type": CATEGORY, "permission_overwrites": [_json(one) for one in overwrites]}
        return await self._create(guild_id, "channels", body, reason)

    async def create_role(self, guild_id: int, name: str, *, reason: str) -> int:
        """Create a role without permissions and return its id."""
        return await self._create(guild_id, "roles", {"name": name, "permissions": "0"}, reason)

    async def _create(self, guild_id: int, what: str, body: dict[str, Any], reason: str) -> int:
        made = await self.call("POST", f"/guilds/{{guild_id}}/{what}", guild_id=guild_id, body=body, reason=reason)
        return int(made["id"])

    async def delete_channel(self, channel_id: int, *, reason: str) -> None:
        """Delete a channel or category; one that is gone already is fine."""
        try:
            await self.call("DELETE", "/channels/{channel_id}", channel_id=channel_id, reason=reason)
        except DiscordGone:
            return

    async def delete_role(self, guild_id: int, role_id: int, *, reason: str) -> None:
        """Delete a role; one that is gone already is fine."""
        try:
            await self.call("DELETE", "/guilds/{guild_id}/roles/{role_id}", guild_id=guild_id, role_id=role_id, reason=reason)
        except DiscordGone:
            return

    async def overwrite_commands(self, guild_id: int, payload: list[dict[str, Any]]) -> dict[str, int]:
        """Replace the bot's commands in a guild and return the id of each by its name."""
        path = "/applications/{application_id}/guilds/{guild_id}/commands"
        made = await self.call("PUT", path, application_id=self.call.application_id, guild_id=guild_id, body=payload)
        return {command["name"]: int(command["id"]) for command in made}

    async def command_ids(self, guild_id: int) -> dict[str, int]:
        """Return the id of each of the bot's commands in a guild by its name."""
        path = "/applications/{application_id}/guilds/{guild_id}/commands"
        found = await self.call("GET", path, application_id=self.call.application_id, guild_id=guild_id)
        return {command["name"]: int(command["id"]) for command in found}

    async def owner_ids(self) -> tuple[int, ...]:
        """Return who owns the application: its owner, or the members of its team."""
        application = await self.call("GET", "/oauth2/applications/@me")
        team = application.get("team")
        if team:
            return tuple(int(member["user"]["id"]) for member in team["members"] if member.get("membership_state", 2) == 2)
        owner = application.get("owner")
        return (int(owner["id"]),) if owner else ()


def _json(overwrite: Overwrite) -> dict[str, Any]:
    return {
        "id": str(overwrite.target_id),
        "type": 1 if overwrite.is_member else 0,
        "allow": str(_bits(overwrite.allow)),
        "deny": str(_bits(overwrite.deny)),
    }


def _bits(names: frozenset[str]) -> int:
    return discord.Permissions(**dict.fromkeys(names, True)).value
