"""Read what a snapshot says about itself."""

from pathlib import Path

from db.migrate import known_revisions
from db.snapshots.errors import BadSnapshot, Refusal
from db.snapshots.limits import Limits
from db.snapshots.manifest import Manifest
from db.snapshots.packing import open_file, read_head


def read_manifest(path: Path) -> Manifest:
    """Return the description at the head of a file, which is quick and proves nothing about the rest. Raises `BadSnapshot`."""
    with open_file(path, Limits().packed) as file:
        manifest = read_head(file)
    require_known(manifest)
    return manifest


def require_known(manifest: Manifest) -> None:
    """Raise `BadSnapshot` for a revision that this release does not know."""
    if manifest.revision not in known_revisions():
        raise BadSnapshot(Refusal.NEWER, f"it has revision {manifest.revision}, which this release does not know")
