"""When everything was saved last, for `/status` and the doctor."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from db.queries.snapshots import newest_saved
from facades.app import App


@dataclass(frozen=True)
class LastSnapshot:
    """The newest snapshot of everything. `scheduled`: it was the daily one."""

    saved_at: datetime
    scheduled: bool
    rows: int


async def last_snapshot(app: App) -> LastSnapshot | None:
    """Return the newest snapshot of everything; None when there has been none."""
    async with app.reading() as session:
        return await find_last_snapshot(session)


async def find_last_snapshot(session: AsyncSession) -> LastSnapshot | None:
    """Return the same for whoever has a session and no app."""
    event = await newest_saved(session)
    return None if event is None else LastSnapshot(event.at, bool(event.fields["scheduled"]), int(event.fields["rows"]))
