"""Suggest the names of saved log filters."""

from facades.app import App
from facades.operations.saved_filters import all_saved
from util.actor import Actor
from util.identifiers import Flag


async def suggest_log_filters(app: App, *, actor: Actor) -> tuple[str, ...]:
    """Return the names of the guild's filters. Raises `Forbidden`."""
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        return tuple(one.name for one in await all_saved(session, actor.guild_id))
