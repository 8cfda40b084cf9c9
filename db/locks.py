"""Locks that end with the transaction, for rules that no constraint can hold."""

import asyncio
from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from db.engine import Database

TURNS: Final = 1_196_180_301
"""The class of the advisory locks of turns; any number that nothing else in the database takes."""


async def lock_guild(session: AsyncSession, guild_id: int) -> None:
    """Let one transaction at a time work on a guild's queue; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:guild_id)"), {"guild_id": guild_id})


async def take_turn(database: Database, number: int, seconds: float) -> asyncio.Task[None]:
    """Wait until nobody among all processes has had this turn for so many seconds. The task holds it, and ends by itself."""
    connection = await database.engine.connect()
    try:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:turns, :number)"), {"turns": TURNS, "number": number})
    except BaseException:
        await connection.close()
        raise

    async def hold() -> None:
        try:
            await asyncio.sleep(seconds)
        finally:
            await connection.close()

    return asyncio.create_task(hold(), name=f"turn {number}")
