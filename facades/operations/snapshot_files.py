"""The snapshots on this disk: where they lie, what they are called, and which of them stay."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from config.paths import VAR
from config.settings import DeploymentStage, Settings
from db.engine import sync_url
from db.snapshots import SUFFIX
from util.datatypes import Upload

EVERYTHING: Final = "everything"
BEFORE_RESTORE: Final = "before-restore"
UNFINISHED: Final = ".part"
SAFETY_LASTS: Final = timedelta(days=1)
"""So long a copy of the state before a restore stays, however many there are."""
_TIME: Final = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(
    rf"(?P<stage>greenlight(?:-test)?)-(?P<scope>{EVERYTHING}|[0-9]+)-(?P<at>[0-9]{{8}}T[0-9]{{6}}Z)"
    rf"(?P<safety>-{BEFORE_RESTORE})?(?:-[0-9]+)?{re.escape(SUFFIX)}"
)


@dataclass(frozen=True)
class SnapshotFile:
    """A snapshot on the disk. `guild_id` None: of everything. `is_safety`: it holds the state before a restore."""

    path: Path
    guild_id: int | None
    saved_at: datetime
    is_safety: bool


def snapshot_folder(settings: Settings) -> Path:
    """Return where the snapshots of a stage lie: beside a SQLite file, else below `var/`."""
    url = sync_url(settings.database)
    beside = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else VAR
    return beside.absolute() / "snapshots"


def incoming_folder(settings: Settings) -> Path:
    """Return where files lie that somebody has given to be loaded and has not confirmed yet."""
    return snapshot_folder(settings) / "incoming"


def new_snapshot_path(settings: Settings, guild_id: int | None, now: datetime, *, is_safety: bool = False) -> Path:
    """Return a name that no snapshot has yet; it says the stage, of what it is, and when it was made."""
    scope = EVERYTHING if guild_id is None else str(guild_id)
    stem = f"{_stage_name(settings)}-{scope}-{now.astimezone(UTC):{_TIME}}{f'-{BEFORE_RESTORE}' if is_safety else ''}"
    folder, number = snapshot_folder(settings), 1
    found = folder / f"{stem}{SUFFIX}"
    while found.exists():
        number += 1
        found = folder / f"{stem}-{number}{SUFFIX}"
    return found


def snapshots_of(settings: Settings) -> list[SnapshotFile]:
    """Return the snapshots of the stage, the newest first; other files in the folder are nobody's business."""
    folder, found = snapshot_folder(settings), list[SnapshotFile]()
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match is None or match["stage"] != _stage_name(settings):
            continue
        guild_id = None if match["scope"] == EVERYTHING else int(match["scope"])
        saved_at = datetime.strptime(match["at"], _TIME).replace(tzinfo=UTC)
        found.append(SnapshotFile(path, guild_id, saved_at, match["safety"] is not None))
    return _newest_first(found)


def superfluous(files: Iterable[SnapshotFile], *, kept: int, owed: Collection[str], now: datetime) -> list[SnapshotFile]:
    """Return the snapshots that can go: all but the newest `kept` of each scope.

    What is still to be sent stays, and so does what is younger than a day and holds the state before a restore.
    """
    groups = defaultdict[tuple[int | None, bool], list[SnapshotFile]](list)
    for item in _newest_first(files):
        groups[item.guild_id, item.is_safety].append(item)
    old = [item for group in groups.values() for item in group[kept:]]
    return [item for item in old if item.path.name not in owed and not (item.is_safety and now - item.saved_at < SAFETY_LASTS)]


def digest_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def take(path: Path, *, keep: bool) -> Upload:
    """Read a file for sending; unless it is to be kept, it is gone afterwards. Raises OSError."""
    found = Upload(path.name, path.read_bytes())
    if not keep:
        path.unlink(missing_ok=True)
    return found


def _newest_first(files: Iterable[SnapshotFile]) -> list[SnapshotFile]:
    return sorted(files, key=lambda item: (item.saved_at, item.path.name), reverse=True)


def _stage_name(settings: Settings) -> str:
    return "greenlight-test" if settings.stage is DeploymentStage.TEST else "greenlight"
