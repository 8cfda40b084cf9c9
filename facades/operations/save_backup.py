"""Save a snapshot for somebody who asks for it: of their guild, or for maintainers of everything."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from config.version import version
from db.snapshots import Manifest, save_snapshot
from facades.app import App
from facades.operations.maintainers import is_maintainer, tell_where_it_lies
from facades.operations.remove_old_snapshots import remove_old_snapshots
from facades.operations.report_error import NO_GUILD
from facades.operations.snapshot_files import new_snapshot_path, take
from util.actor import Actor
from util.datatypes import Upload
from util.errors import Forbidden
from util.identifiers import EventType, Flag, SnapshotScope
from util.texts import Text

LOCK = "snapshot"
"""One snapshot at a time is saved, checked or loaded by a process: each takes the disk and a processor for itself."""


@dataclass(frozen=True)
class SavedBackup:
    """A snapshot that was saved. `file` None: it is larger than `most`, was kept, and the maintainers are told where."""

    manifest: Manifest
    name: str
    size: int
    most: int
    file: Upload | None


async def save_backup(app: App, *, actor: Actor, scope: SnapshotScope, most: int) -> SavedBackup:
    """Save a snapshot and return it for an answer that takes files of up to `most` bytes.

    Raises `Forbidden` without the flag, or for everything to whoever is no maintainer, and `Unavailable` when that is not known.
    """
    actor.require(Flag.ADMIN)
    whole = scope is SnapshotScope.EVERYTHING
    if whole and not await is_maintainer(app, actor.user_id):
        raise Forbidden(Text.BACKUP_ONLY_MAINTAINERS)
    async with app.lock(NO_GUILD, LOCK):
        path, manifest, size = await save_to_disk(app, None if whole else actor.guild_id)
    async with app.transaction(NO_GUILD if whole else actor.guild_id) as tx:
        tx.log(EventType.SNAPSHOT_SAVED, actor.user_id, scheduled=False, rows=manifest.total_rows)
        if size > most:
            await tell_where_it_lies(app, tx.session, manifest, path, size)
            tx.owes = True
    # A guild's file goes to its admin, and thousands of guilds would fill the disk; what stays is rotated.
    file = await asyncio.to_thread(take, path, keep=whole) if size <= most else None
    await remove_old_snapshots(app)
    return SavedBackup(manifest, path.name, size, most, file)


async def save_to_disk(app: App, guild_id: int | None, *, is_safety: bool = False) -> tuple[Path, Manifest, int]:
    """Save a snapshot of a guild (None: of everything); return where it lies, what is in it and its size. Raises OSError.

    Call it under the lock `LOCK`.
    """
    path = new_snapshot_path(app.settings, guild_id, app.now(), is_safety=is_safety)
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    manifest = await save_snapshot(app.database, path, guild_id=guild_id, now=app.now(), release=version())
    return path, manifest, (await asyncio.to_thread(path.stat)).st_size
