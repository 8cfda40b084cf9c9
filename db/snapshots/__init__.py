"""Snapshots: one file for a guild or a whole database, the same from SQLite and from PostgreSQL (docs/decisions/0011)."""

from db.snapshots.cards import CardSubject, CardToSync
from db.snapshots.check import CheckedSnapshot, check_snapshot
from db.snapshots.errors import BadSnapshot, DatabaseBusy, Refusal
from db.snapshots.inspect import read_manifest
from db.snapshots.limits import Limits
from db.snapshots.load import Loaded, load_into
from db.snapshots.manifest import GuildRows, Manifest
from db.snapshots.policies import saved_tables
from db.snapshots.save import save_snapshot

SUFFIX = ".greenlight"

__all__ = [
    "SUFFIX",
    "BadSnapshot",
    "CardSubject",
    "CardToSync",
    "CheckedSnapshot",
    "DatabaseBusy",
    "GuildRows",
    "Limits",
    "Loaded",
    "Manifest",
    "Refusal",
    "check_snapshot",
    "load_into",
    "read_manifest",
    "save_snapshot",
    "saved_tables",
]
