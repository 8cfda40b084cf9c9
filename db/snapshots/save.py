"""Save a database, or one guild of it, into a snapshot."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from db.engine import Database
from db.migrate import head
from db.snapshots.describe import count_rows
from db.snapshots.fill import fill_from_postgresql, fill_from_sqlite
from db.snapshots.manifest import Manifest
from db.snapshots.packing import pack, sha256_of
from db.snapshots.schema import empty_file
from db.snapshots.work import Guard, in_thread, scratch_folder


async def save_snapshot(database: Database, target: Path, *, guild_id: int | None, now: datetime, release: str) -> Manifest:
    """Write a snapshot of one guild (None: of everything) as of one moment; the file appears when it is complete.

    The database has to be at the newest revision. Works beside everything else: it blocks neither the loop nor writers.
    `release`: the bot's version. Raises OSError when the disk does not take the file.
    """
    return await in_thread(lambda guard: _save(database, target, guild_id, now, release, guard), Guard())


def _save(database: Database, target: Path, guild_id: int | None, now: datetime, release: str, guard: Guard) -> Manifest:
    with scratch_folder(target.parent) as folder:
        content, packed = folder / "content.db", folder / "packed"
        # A new file: what was deleted, or is another guild's, cannot stand in its pages.
        content.write_bytes(empty_file(head()))
        if database.is_sqlite:
            assert database.url.database, "a database in memory cannot be saved"
            fill_from_sqlite(content, Path(database.url.database), guild_id, guard)
        else:
            fill_from_postgresql(content, database.url, guild_id, guard)
        guard.check()
        manifest = _describe(content, guild_id, now, release, guard)
        pack(content, packed, manifest, guard)
        packed.chmod(0o600)
        packed.replace(target)
    _see_onto_disk(target.parent)
    return manifest


def _describe(content: Path, guild_id: int | None, now: datetime, release: str, guard: Guard) -> Manifest:
    with closing(sqlite3.connect(content)) as connection:
        counted = count_rows(connection)
    return Manifest(
        revision=head(),
        made_at=now,
        guild_id=guild_id,
        guilds=counted.guilds,
        rows=counted.rows,
        release=release,
        size=content.stat().st_size,
        sha256=sha256_of(content, guard),
    )


def _see_onto_disk(folder: Path) -> None:
    """Let the file's name survive a power cut too, where folders can be synced."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
