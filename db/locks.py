"""Locks that end with the transaction, for rules that no constraint can hold."""

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


async def lock_guild(session: AsyncSession, guild_id: int) -> None:
    """Let one transaction at a time work on a guild's queue; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:guild_id)"), {"guild_id": guild_id})
