"""Save a database, or one guild of it, into a snapshot."""

from datetime import datetime
from pathlib import Path

from db.engine import Database
from db.snapshots.manifest import Manifest


async def save_snapshot(database: Database, target: Path, *, guild_id: int | None, now: datetime) -> Manifest:
    """Write a snapshot of one guild (None: of everything) as of one moment; the file appears when it is complete.

    Works beside everything else: it blocks neither the loop nor writers. Raises OSError when the disk does not take it.
    """
    raise NotImplementedError
