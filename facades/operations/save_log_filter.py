"""Save the active log filter under a name, for everybody in the guild who reads the log."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import CursorResult, false, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import SavedFilter
from db.upsert import upsert
from facades.app import App
from facades.operations.log_filter import FilterChangedMeanwhile, LogFilter, fingerprint, load_active
from facades.operations.saved_filters import KeptFilter, find_saved, read_name
from util.actor import Actor
from util.errors import Conflict, Refused
from util.identifiers import Flag
from util.phrases import user_mention
from util.texts import Text


class NothingToSave(Refused):
    """The active filter is empty."""

    def __init__(self) -> None:
        super().__init__(Text.LOG_NOTHING_TO_SAVE)


class SavedAlready(Conflict):
    """The very same filter is saved under this name."""

    def __init__(self, old: KeptFilter) -> None:
        super().__init__(Text.LOG_SAVED_ALREADY, name=old.name, user=user_mention(old.saved_by))


@dataclass(frozen=True)
class SavedLogFilter:
    """What was done. `old` is the filter of this name that was there; not `saved`: replacing it is to be confirmed."""

    name: str
    filter: LogFilter
    old: KeptFilter | None
    saved: bool

    @property
    def content(self) -> str:
        """A short text that tells the filter from others."""
        return fingerprint(self.filter)


async def save_log_filter(
    app: App, *, actor: Actor, name: str, replacing: str | None = None, content: str | None = None
) -> SavedLogFilter:
    """Save the actor's active filter. A filter of that name stays unless `replacing` is its version.

    `content`: what the person was shown as the filter to be saved. Raises `Forbidden`, `BadInput` for a name that cannot be,
    `NothingToSave`, `SavedAlready`, or `FilterChangedMeanwhile` when either filter is not what it was.
    """
    actor.require(Flag.LOG_VIEWER)
    chosen = read_name(name)
    async with app.transaction(actor.guild_id) as tx:
        active = await load_active(tx.session, actor)
        if content is not None and fingerprint(active) != content:
            raise FilterChangedMeanwhile
        if active.is_empty:
            raise NothingToSave
        key = {"guild_id": tx.guild_id, "name": chosen}
        values = {"saved_by": actor.user_id, "saved_at": tx.now, "filter": active.to_json()}
        if replacing is None and await upsert(tx.session, SavedFilter, key, values, only_if=false()):
            return SavedLogFilter(chosen, active, None, saved=True)
        old = await find_saved(tx.session, tx.guild_id, chosen)
        if old is None:
            raise FilterChangedMeanwhile
        if old.filter == active:
            raise SavedAlready(old)
        if replacing is None:
            return SavedLogFilter(chosen, active, old, saved=False)
        if old.version != replacing or not await _replace(tx.session, tx.guild_id, old, values):
            raise FilterChangedMeanwhile
    return SavedLogFilter(chosen, active, old, saved=True)


async def _replace(session: AsyncSession, guild_id: int, old: KeptFilter, values: Mapping[str, object]) -> bool:
    """Overwrite a filter unless somebody else did so just now."""
    same = (
        col(SavedFilter.guild_id) == guild_id,
        col(SavedFilter.name) == old.name,
        col(SavedFilter.saved_at) == old.saved_at,
        col(SavedFilter.saved_by) == old.saved_by,
    )
    result: CursorResult[tuple[()]] = await session.exec(update(SavedFilter).where(*same).values(**values))
    return result.rowcount > 0
