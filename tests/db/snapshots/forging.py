"""Snapshots that somebody has tampered with: unpacked, changed, and packed again with everything that a forger can make fit."""

import dataclasses
import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from db.snapshots.describe import count_rows
from db.snapshots.manifest import Manifest
from db.snapshots.packing import open_file, pack, read_head, unpack
from db.snapshots.work import Guard

LARGE = 1 << 30


def taken_apart(path: Path, folder: Path) -> tuple[Manifest, Path]:
    """Return a snapshot's description, and its database in a file."""
    database = folder / "forged.db"
    database.unlink(missing_ok=True)
    with open_file(path, LARGE) as file:
        manifest = read_head(file)
        unpack(file, manifest, database, LARGE, Guard())
    return manifest, database


def put_together(manifest: Manifest, database: Path, target: Path, **changes: Any) -> Path:
    """Pack a database as a snapshot whose sums fit."""
    content = database.read_bytes()
    fitting = dataclasses.replace(manifest, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    target.unlink(missing_ok=True)
    pack(database, target, dataclasses.replace(fitting, **changes), Guard())
    return target


def forged(
    path: Path, target: Path, change: Callable[[sqlite3.Connection], Any], *, recount: bool = True, **changes: Any
) -> Path:
    """Change a snapshot's database by SQL; its rows are counted again, so that only the change itself is wrong."""
    manifest, database = taken_apart(path, target.parent)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        change(connection)
        if recount:
            counted = count_rows(connection)
            changes = {"rows": counted.rows, "guilds": counted.guilds} | changes
    return put_together(manifest, database, target, **changes)


def with_bytes(path: Path, target: Path, change: Callable[[bytearray], Any]) -> Path:
    """Change the bytes of a snapshot's database."""
    manifest, database = taken_apart(path, target.parent)
    content = bytearray(database.read_bytes())
    change(content)
    database.write_bytes(content)
    return put_together(manifest, database, target)
