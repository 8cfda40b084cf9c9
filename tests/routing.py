"""Where routes lead, written at once: most tests begin with it."""

from collections.abc import Mapping

from sqlalchemy import delete, insert
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import RouteOverride, table
from util.identifiers import Route


async def lead_routes(session: AsyncSession, guild_id: int, channels: Mapping[Route, int]) -> None:
    """Let a guild's routes lead to these channels, and no others anywhere."""
    rows = [{"guild_id": guild_id, "key": route, "channel_id": channel} for route, channel in channels.items()]
    connection = await session.connection()
    await connection.execute(delete(table(RouteOverride)).where(table(RouteOverride).c.guild_id == guild_id))
    await connection.execute(insert(table(RouteOverride)), [row | {"enabled": True} for row in rows])
