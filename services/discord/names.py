"""What people are called on Discord, asked only when it is needed: the bot keeps no list of members."""

import asyncio
from collections.abc import Collection

import discord

from services.discord.calls import Caller
from services.discord.errors import DiscordGone, DiscordUnavailable

MOST_AT_ONCE = 100
"""Members that Discord's gateway tells about at one request."""


class Names:
    """The part of the wrapper that is about names; `DiscordService` inherits it."""

    call: Caller

    async def member_names(self, guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        """Return what up to 100 users are called in a guild, without those who are not in it; one request for all of them."""
        guild = self.call.client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise DiscordGone("the bot is not in this guild")
        wanted = list(user_ids)[:MOST_AT_ONCE]
        if not wanted:
            return {}
        try:
            async with asyncio.timeout(self.call.time_limit):
                found = await guild.query_members(user_ids=wanted, limit=MOST_AT_ONCE, cache=False)
        except (TimeoutError, RuntimeError, discord.DiscordException) as error:
            raise DiscordUnavailable(f"the gateway tells no members: {error!r}") from error
        return {member.id: member.display_name for member in found}

    async def user_name(self, user_id: int) -> str:
        """Return what a user is called who need not be in a guild with the bot. Raises `DiscordGone` when there is none."""
        user = await self.call("GET", "/users/{user_id}", user_id=user_id)
        return str(user.get("global_name") or user["username"])
