"""Bring the commands that Discord shows in a guild up to date; used at start-up and wherever texts or modules change."""

from components.command_payload import CommandTree, build_payload
from facades.app import App
from facades.settings.sync_commands import sync_commands


async def sync_guild_commands(app: App, tree: CommandTree, guild_id: int, *, force: bool = False) -> bool:
    """Send a guild's commands if they would differ from those Discord knows; return whether they were sent.

    Raises what the Discord service raises.
    """
    # Without the lock, what was built first could be sent last.
    async with app.lock(guild_id, "commands"):
        payload = build_payload(tree, await app.guild(guild_id))
        return await sync_commands(app, guild_id=guild_id, payload=payload, force=force)
