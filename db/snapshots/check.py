"""Check a snapshot completely before anything of it is used."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from db.snapshots.manifest import Manifest


@dataclass(frozen=True)
class CheckedSnapshot:
    """A snapshot that may be loaded, brought up to the newest schema in a private copy at `database`.

    `guild_id`: which guild will be loaded; None: everything.
    """

    manifest: Manifest
    guild_id: int | None
    database: Path


@dataclass(frozen=True)
class Limits:
    """How large a file, and what it unpacks to, may be (bytes), and how long checking may take (seconds)."""

    packed: int = 1 << 30
    unpacked: int = 4 << 30
    seconds: float = 600.0


@contextlib.asynccontextmanager
async def check_snapshot(
    path: Path, *, guild_id: int | None, workdir: Path, from_whole: bool = False, limits: Limits = Limits()
) -> AsyncGenerator[CheckedSnapshot]:
    """Check a file for loading one guild (None: everything), and keep the checked copy until the block is left.

    `workdir`: a folder for private copies; it is made. `from_whole`: a guild may also be taken out of a snapshot of everything
    (for maintainers only). Raises `BadSnapshot`. Blocks no loop.
    """
    raise NotImplementedError
    yield
