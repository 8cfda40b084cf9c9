"""Sizes and counts in words, for messages about snapshots."""

from db.snapshots import Manifest
from util.phrases import Phrase, phrase
from util.texts import Text

KILOBYTE = 1024
MEGABYTE = 1024 * 1024


def size_of(count: int) -> Phrase:
    """Return a number of bytes in words, rounded up: what is too large shall not look as if it fitted."""
    if count < MEGABYTE:
        return phrase(Text.BACKUP_SIZE_KILOBYTES, count=-(-count // KILOBYTE))
    return phrase(Text.BACKUP_SIZE_MEGABYTES, count=-(-count // MEGABYTE))


def guilds_of(manifest: Manifest) -> Phrase:
    """Return how many guilds a snapshot holds, in words."""
    return phrase(Text.BACKUP_GUILDS, count=len(manifest.guilds))


def rows_of(count: int) -> Phrase:
    """Return a number of rows in words."""
    return phrase(Text.BACKUP_ROWS, count=count)
