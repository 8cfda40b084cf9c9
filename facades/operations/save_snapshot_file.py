"""Save a snapshot from the command line, beside a bot that may be running."""

import asyncio
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from config.version import version
from db.engine import Database
from db.migrate import current, head
from db.snapshots import Manifest, save_snapshot


class CannotSave(Exception):
    """Nothing was saved; the message says why and what to do, in a sentence."""


async def save_snapshot_file(settings: Settings, path: Path, *, guild_id: int | None, now: datetime) -> Manifest:
    """Save a guild (None: everything) into a new file. Raises `CannotSave`."""
    present = await asyncio.to_thread(current, settings.database)
    if present is None:
        raise CannotSave("There is no database yet; run the bot, or `python main.py migrate`")
    if present != head():
        raise CannotSave(f"The database has the older revision {present}; run `python main.py migrate` first")
    if await asyncio.to_thread(path.exists):
        raise CannotSave(f"{path} exists already; name another file")
    database = Database(settings.database)
    try:
        return await save_snapshot(database, path, guild_id=guild_id, now=now, release=version())
    except OSError as error:
        raise CannotSave(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        await database.close()
