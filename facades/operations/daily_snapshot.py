"""The daily snapshot of everything: at 01:00 UTC, to the maintainers and to the snapshot channel."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from db.queries.snapshots import newest_saved
from db.snapshots import Manifest
from facades.app import App
from facades.operations.backup_words import guilds_of, rows_of, size_of
from facades.operations.maintainers import owe_file, owe_to_maintainers
from facades.operations.remove_old_snapshots import remove_old_snapshots
from facades.operations.report_error import NO_GUILD
from facades.operations.save_backup import LOCK, save_to_disk
from facades.transaction import Transaction
from services.discord import DIRECT_MESSAGE_LIMIT
from util.identifiers import EventType
from util.texts import Text

NAME: Final = "daily_snapshot"
AT: Final = time(1, 0, tzinfo=UTC)
"""The specification's hour ("Every day at 1 AM GMT")."""
LEASE: Final = timedelta(minutes=30)


def next_daily(now: datetime) -> datetime:
    """Return the next moment at which the daily snapshot is due, after a given one."""
    today = datetime.combine(now.astimezone(UTC).date(), AT)
    return today if now < today else today + timedelta(days=1)


async def daily_snapshot(app: App, guild_id: int = NO_GUILD) -> None:
    """Save everything and owe the file to whoever gets it; once for each day, however often it is begun.

    Raises OSError when the disk does not take the file; the job is repeated then.
    """
    due = next_daily(app.now()) - timedelta(days=1)
    if await _is_done(app, due):
        return
    async with app.lock(NO_GUILD, LOCK):
        path, manifest, size = await save_to_disk(app, None)
    async with app.transaction(NO_GUILD) as tx:
        newest = await newest_saved(tx.session, scheduled=True)
        # Another process may have taken over meanwhile, if saving took longer than the lease.
        if newest is None or newest.at < due:
            tx.log(EventType.SNAPSHOT_SAVED, None, scheduled=True, rows=manifest.total_rows)
            _owe(app, tx, path, manifest, size)
    await remove_old_snapshots(app)


async def _is_done(app: App, due: datetime) -> bool:
    async with app.reading() as session:
        newest = await newest_saved(session, scheduled=True)
    return newest is not None and newest.at >= due


def _owe(app: App, tx: Transaction, path: Path, manifest: Manifest, size: int) -> None:
    """Owe the file itself where Discord takes it, else a message that says where it lies."""
    settings, told = tx.settings, {"at": manifest.made_at, "guilds": guilds_of(manifest), "rows": rows_of(manifest.total_rows)}
    sent = settings.say(Text.BACKUP_DAILY, settings.language, file=path.name, **told)
    kept = settings.say(Text.BACKUP_DAILY_KEPT, settings.language, size=size_of(size), path=str(path), **told)
    fits = size <= DIRECT_MESSAGE_LIMIT
    owe_to_maintainers(app, tx.session, content=sent if fits else kept, file=path.name if fits else None, otherwise=kept)
    if (channel_id := app.stage.snapshot_channel) is not None:
        fits = size <= app.discord.upload_limit(channel_id)
        place = {"channel_id": channel_id}
        owe_file(app, tx.session, place, content=sent if fits else kept, file=path.name if fits else None, otherwise=kept)
    tx.owes = True
