"""Delete a saved log filter."""

from sqlalchemy import CursorResult, delete
from sqlmodel import col

from db.models import SavedFilter
from facades.app import App
from facades.operations.log_filter import FilterChangedMeanwhile
from facades.operations.saved_filters import KeptFilter, get_saved
from util.actor import Actor
from util.identifiers import Flag


async def delete_log_filter(app: App, *, actor: Actor, name: str, version: str) -> KeptFilter:
    """Delete a filter of the guild that the actor was shown in this version, and return it.

    Raises `Forbidden`, `FilterNotFound` or `FilterChangedMeanwhile`.
    """
    actor.require(Flag.LOG_VIEWER)
    async with app.transaction(actor.guild_id) as tx:
        old = await get_saved(tx.session, tx.guild_id, name)
        same = (
            col(SavedFilter.guild_id) == tx.guild_id,
            col(SavedFilter.name) == old.name,
            col(SavedFilter.saved_at) == old.saved_at,
            col(SavedFilter.saved_by) == old.saved_by,
        )
        if old.version != version:
            raise FilterChangedMeanwhile
        result: CursorResult[tuple[()]] = await tx.session.exec(delete(SavedFilter).where(*same))
        if not result.rowcount:
            raise FilterChangedMeanwhile
    return old
