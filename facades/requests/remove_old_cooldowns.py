"""Remove what nobody needs any more: cooldowns that were over long ago, and questions that nobody answered."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from db.models import Confirmation
from db.queries.cooldowns import remove_lapsed_before
from facades.app import App

LAPSED_FOR = timedelta(days=30)
ASKED_FOR = timedelta(days=1)


async def remove_old_cooldowns(app: App, guild_id: int = 0) -> None:
    """Delete such rows of all guilds. Nothing waits for it: a lapsed cooldown is over anyway."""
    async with app.database.transaction() as session:
        await remove_lapsed_before(session, app.now() - LAPSED_FOR)
        await session.exec(delete(Confirmation).where(col(Confirmation.asked_at) < app.now() - ASKED_FOR))
