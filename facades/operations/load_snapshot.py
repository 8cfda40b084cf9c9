"""Load a checked snapshot: its rows, what is owed to Discord because of them, and the event that tells of it."""

from datetime import datetime

from db.engine import Database
from db.snapshots import CheckedSnapshot, Loaded


async def load_snapshot(database: Database, *, checked: CheckedSnapshot, actor_id: int | None, now: datetime) -> Loaded:
    """Put a checked snapshot in the place of the present state, all in one transaction.

    Owes the sync runs of all cards concerned (unless the database was empty), records `SNAPSHOT_LOADED` in every guild concerned, and
    owes its log entry where the guild's (loaded) settings lead. Save the present state before (`save_snapshot`). Afterwards the
    caller drops caches (`app.guilds.drop_all()`), wakes the delivery worker and has the commands of `Loaded.guilds` synced.
    Works without an `App`, so that the command line uses it too. Raises `DatabaseBusy`; nothing was changed then.
    """
    raise NotImplementedError
