"""Tell Discord a guild's commands, but only when they would differ from what it was told last."""

import hashlib
import json
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from db.models import Guild
from facades.app import App


def hash_of(payload: list[dict[str, Any]]) -> str:
    """Return the hash by which payloads are compared: SHA-256 of their canonical JSON."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def sync_commands(app: App, *, guild_id: int, payload: list[dict[str, Any]], force: bool = False) -> bool:
    """Send a guild's commands if they have changed and return whether they were sent.

    `force` sends them even so: Discord forgets them when the bot is thrown out. Raises what the Discord service raises;
    the hash is stored only after Discord took the commands, so the next run tries again.
    """
    wanted = hash_of(payload)
    async with app.reading() as session:
        known = (await session.exec(select(Guild.command_hash).where(col(Guild.guild_id) == guild_id))).first()
    if known == wanted and not force:
        return False
    if known == wanted:
        # Should this fail, nobody shall believe that Discord knows them.
        await _remember(app, guild_id, None)
    app.command_ids[guild_id] = await app.discord.overwrite_commands(guild_id, payload)
    await _remember(app, guild_id, wanted)
    return True


async def _remember(app: App, guild_id: int, command_hash: str | None) -> None:
    async with app.transaction(guild_id) as tx:
        statement = update(Guild).where(col(Guild.guild_id) == guild_id).values(command_hash=command_hash)
        await tx.session.exec(statement)  # pyright: ignore[reportCallIssue, reportArgumentType]
