"""Look how old what is owed to Discord is, as health checks do it: with little patience, and one look at a time."""

import asyncio

from db.queries.deliveries import backlog_by_guild, due_since_by_guild
from facades.app import App
from facades.delivery.due_backlog import DueBacklog

PATIENCE = 1.5
"""Seconds."""


async def look_at_backlog(app: App) -> DueBacklog | None:
    """Return how much is owed; None when the database does not answer in time.

    Whoever looks while another look is on its way shares it: a database that hangs is not asked ever more. Raises what the
    database raises.
    """
    if app.looking is None or app.looking.done():
        app.looking = asyncio.create_task(_look(app), name="look at the backlog")
        # A failure that nobody waits for any more is no news.
        app.looking.add_done_callback(lambda task: task.cancelled() or task.exception())
    look = app.looking
    await asyncio.wait({look}, timeout=PATIENCE)
    return look.result() if look.done() else None


async def _look(app: App) -> DueBacklog:
    now = app.now()
    async with app.reading() as session:
        counts = await backlog_by_guild(session)
        due = await due_since_by_guild(session, now)
    served = {guild_id for guild_id in counts if app.discord.is_serving(guild_id) and app.shards.is_ours(guild_id)}
    oldest = min((due[guild_id] for guild_id in served & due.keys()), default=None)
    return DueBacklog(sum(counts[guild_id] for guild_id in served), None if oldest is None else now - oldest)
