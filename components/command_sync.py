"""Bring the commands that Discord shows in a guild up to date; used at start-up and wherever texts or modules change."""

from typing import Any

from components.command_payload import CommandTree, build_payload
from config.guild_settings import GuildSettings
from facades.app import App
from facades.settings.sync_commands import hash_of, sync_commands


async def sync_guild_commands(app: App, tree: CommandTree, guild_id: int, *, force: bool = False) -> bool:
    """Send a guild's commands if they would differ from those Discord knows; return whether they were sent.

    Raises what the Discord service raises.
    """
    # Without the lock, what was built first could be sent last.
    async with app.lock(guild_id, "commands"):
        payload = build_payload(tree, await app.guild(guild_id))
        return await sync_commands(app, guild_id=guild_id, payload=payload, force=force)


class CommandHashes:
    """Hashes of the commands of guilds, worked out once for all guilds that have set the same."""

    def __init__(self, tree: CommandTree) -> None:
        self._tree = tree
        self._known: dict[Any, str] = {}

    def of(self, settings: GuildSettings) -> str:
        """Return the hash of what Discord shall be told about a guild's commands."""
        like = settings.modules_off, frozenset(settings.texts.items()), frozenset(settings.parameters.items())
        if like not in self._known:
            self._known[like] = hash_of(build_payload(self._tree, settings))
        return self._known[like]
