"""Read what a snapshot says about itself."""

from pathlib import Path

from db.snapshots.manifest import Manifest


def read_manifest(path: Path) -> Manifest:
    """Return the description at the head of a file, which is quick and proves nothing about the rest. Raises `BadSnapshot`."""
    raise NotImplementedError
