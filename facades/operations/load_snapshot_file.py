"""Load a snapshot from the command line, while no bot is running."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from config.version import version
from db.engine import Database
from db.queries.snapshots import count_rows
from db.snapshots import CheckedSnapshot, Loaded, Manifest, check_snapshot, save_snapshot, saved_tables
from facades.operations.load_snapshot import load_snapshot
from facades.operations.snapshot_files import new_snapshot_path, snapshot_folder


@dataclass(frozen=True)
class Replacement:
    """What loading would do. `present`, `given`: rows by table, now and in the file; `guild_id` None: everything."""

    manifest: Manifest
    guild_id: int | None
    present: Mapping[str, int]
    given: Mapping[str, int]


@dataclass(frozen=True)
class LoadedFile:
    """What was done. `safety_copy`: where the state before lies; None: there was none."""

    loaded: Loaded
    safety_copy: Path | None


async def load_snapshot_file(
    settings: Settings, path: Path, *, guild_id: int | None, now: datetime, confirm: Callable[[Replacement], bool]
) -> LoadedFile | None:
    """Check a file and load it when `confirm` agrees, after saving the present state; return None when it does not.

    The database has to be at the newest revision. Raises `BadSnapshot` or `DatabaseBusy`; nothing was changed then.
    """
    database = Database(settings.database)
    try:
        workdir = snapshot_folder(settings)
        async with check_snapshot(path, guild_id=guild_id, workdir=workdir, from_whole=True) as checked:
            planned = await _compare(database, checked)
            if not await asyncio.to_thread(confirm, planned):
                return None
            safety_copy = None
            if any(planned.present.values()):
                safety_copy = new_snapshot_path(settings, guild_id, now, is_safety=True)
                await save_snapshot(database, safety_copy, guild_id=guild_id, now=now, release=version())
            return LoadedFile(await load_snapshot(database, checked=checked, actor_id=None, now=now), safety_copy)
    finally:
        await database.close()


async def _compare(database: Database, checked: CheckedSnapshot) -> Replacement:
    guild_id = checked.guild_id
    tables = [table.name for table in saved_tables(guild_id)]
    copy = Database(checked.address)
    try:
        async with copy.reading() as session:
            given = await count_rows(session, tables, guild_id)
    finally:
        await copy.close()
    async with database.reading() as session:
        present = await count_rows(session, tables, guild_id)
    return Replacement(checked.manifest, guild_id, present, given)
