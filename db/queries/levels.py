"""What requests tell of levels."""

from collections.abc import Collection

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Request


async def level_names(session: AsyncSession, guild_id: int, level_ids: Collection[int]) -> dict[int, str]:
    """Return the names of levels as the newest request for each in the guild has it; levels never requested are left out."""
    if not level_ids:
        return {}
    newest = (
        select(func.max(Request.id))
        .where(col(Request.guild_id) == guild_id, col(Request.level_id).in_(level_ids))
        .group_by(col(Request.level_id))
    )
    query = select(Request.level_id, Request.level_name).where(col(Request.guild_id) == guild_id, col(Request.id).in_(newest))
    return dict((await session.exec(query)).all())
