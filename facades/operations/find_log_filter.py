"""Find a saved log filter."""

from facades.app import App
from facades.operations.saved_filters import KeptFilter, get_saved
from util.actor import Actor
from util.identifiers import Flag


async def find_log_filter(app: App, *, actor: Actor, name: str) -> KeptFilter:
    """Return a filter of the guild by its name. Raises `Forbidden` or `FilterNotFound`."""
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        return await get_saved(session, actor.guild_id, name)
