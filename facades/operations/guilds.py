"""Keep book of the guilds the bot is in."""

from sqlmodel import col, update

from db.models import Guild, ParameterOverride
from db.upsert import upsert
from facades.app import App
from util.identifiers import Parameter


async def guild_joined(app: App, *, guild_id: int, name: str, language: str | None) -> None:
    """Write down that the bot is in a guild. A guild seen for the first time starts in its own language, where we have it."""
    async with app.reading() as session:
        known = await session.get(Guild, guild_id)
    if known is not None and known.name == name and known.left_at is None:
        return
    async with app.transaction(guild_id) as tx:
        if known is not None:
            values = {"name": name, "left_at": None}
            await tx.session.exec(update(Guild).where(col(Guild.guild_id) == guild_id).values(values))
            return
        await upsert(tx.session, Guild, {"guild_id": guild_id}, {"name": name, "joined_at": tx.now})
        if language is not None and language != tx.settings.language:
            key = {"guild_id": guild_id, "key": Parameter.GUILD_LANGUAGE}
            await upsert(tx.session, ParameterOverride, key, {"value": language})
            tx.settings_changed = True


async def guild_left(app: App, *, guild_id: int) -> None:
    """Write down that the bot is no longer in a guild, whose commands Discord may forget."""
    async with app.transaction(guild_id) as tx:
        await tx.session.exec(update(Guild).where(col(Guild.guild_id) == guild_id).values(left_at=tx.now, command_hash=None))
