"""Remove what is known of deliveries that failed long ago."""

from datetime import timedelta

from db.queries.deliveries import remove_failures_before
from facades.app import App

KEPT_FOR = timedelta(days=30)


async def remove_old_failures(app: App, guild_id: int = 0) -> None:
    """Delete failed deliveries of all guilds after thirty days."""
    async with app.database.transaction() as session:
        await remove_failures_before(session, app.now() - KEPT_FOR)
