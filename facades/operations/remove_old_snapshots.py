"""Remove snapshots that are more than are kept, unfinished ones, and files that nobody confirmed."""

import asyncio
import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from config.settings import Settings
from db.queries.snapshots import owed_files
from facades.app import App
from facades.operations.snapshot_files import UNFINISHED, incoming_folder, snapshot_folder, snapshots_of, superfluous

UNTOUCHED: Final = timedelta(minutes=15)
"""A file that nobody has written to for so long was left behind by a process that died."""
CONFIRM_WITHIN: Final = timedelta(hours=1)
"""So long somebody may think about loading a snapshot."""


async def remove_old_snapshots(app: App, guild_id: int = 0) -> None:
    """Remove such files of the stage; what is still to be sent stays."""
    async with app.reading() as session:
        owed = await owed_files(session)
    await asyncio.to_thread(_remove, app.settings, owed, app.now())


def _remove(settings: Settings, owed: Collection[str], now: datetime) -> None:
    for item in superfluous(snapshots_of(settings), kept=settings.snapshots_kept, owed=owed, now=now):
        item.path.unlink(missing_ok=True)
    for path in snapshot_folder(settings).glob(f"*{UNFINISHED}"):
        _remove_untouched(path, UNTOUCHED, now)
    incoming = incoming_folder(settings)
    for path in incoming.iterdir() if incoming.is_dir() else ():
        # Somebody may have confirmed at the last moment, and loading takes its time.
        _remove_untouched(path, CONFIRM_WITHIN + UNTOUCHED, now)


def _remove_untouched(path: Path, longer_than: timedelta, now: datetime) -> None:
    try:
        touched = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return
    if now - touched < longer_than:
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
