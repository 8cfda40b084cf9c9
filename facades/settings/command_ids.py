"""Find out Discord's ids of a guild's commands, with which they can be mentioned."""

from collections.abc import Mapping

from facades.app import App
from services.discord import DiscordError


async def command_ids(app: App, *, guild_id: int) -> Mapping[str, int]:
    """Return the ids by the names of the top-level commands; empty when Discord does not tell, for they are only a comfort."""
    known = app.command_ids.get(guild_id)
    if known is None:
        try:
            known = app.command_ids[guild_id] = await app.discord.command_ids(guild_id)
        except DiscordError:
            return {}
    return known
