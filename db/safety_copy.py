"""A copy of a SQLite database before a migration changes it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from db.engine import sync_url
from db.migrate import current, head


def copy_before_change(address: str, revision: str) -> Path | None:
    """Copy a SQLite file that is about to go to another revision into `snapshots/` beside it; return the copy.

    Returns None when there is nothing to lose: no file yet, the same revision, or PostgreSQL, whose own tools are better.
    Uses SQLite's online backup, so that a process that still writes does no harm.
    """
    url = sync_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    present = current(address)
    if present is None or present == (head() if revision == "head" else revision):
        return None
    source = Path(url.database)
    target = _free_name(source.parent / "snapshots", f"{source.stem}-{present}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(unfinished)) as copy:
        live.backup(copy, pages=-1)
    unfinished.rename(target)
    return target


def _free_name(folder: Path, stem: str) -> Path:
    """Return a name that no copy has yet: two changes may begin in the same second."""
    found = folder / f"{stem}.db"
    number = 1
    while found.exists():
        number += 1
        found = folder / f"{stem}-{number}.db"
    return found
