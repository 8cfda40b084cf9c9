"""Take a file that somebody wants to load: check it completely, and ask whether it shall replace what there is."""

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import delete
from sqlmodel import col, select

from db.models import Confirmation
from db.queries.snapshots import count_rows
from db.snapshots import SUFFIX, BadSnapshot, Manifest, Refusal, check_snapshot, read_manifest
from facades.app import App
from facades.operations.backup_words import MEGABYTE, size_of
from facades.operations.maintainers import is_maintainer
from facades.operations.report_error import NO_GUILD
from facades.operations.save_backup import LOCK
from facades.operations.snapshot_files import UNFINISHED, incoming_folder
from facades.transaction import Transaction
from services.discord import DiscordError, FileTooLarge
from util.actor import Actor
from util.errors import Refused, Unavailable
from util.identifiers import Flag
from util.texts import Text

log = structlog.get_logger()

PURPOSE: Final = "restore"
LARGEST: Final = 100 * MEGABYTE
"""Bytes of a file that comes through Discord: what members without a subscription of their own can send on no server."""
PATIENCE: Final = 60.0
"""Seconds in which the file must have come."""


class SnapshotRefused(Refused):
    """A file is not loaded."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(Text(f"backup.refused.{reason.value}"))
        self.reason = reason


class FileRefused(Refused):
    """A file is too large to be taken through Discord."""

    def __init__(self, size: int) -> None:
        super().__init__(Text.BACKUP_FILE_TOO_LARGE, size=size_of(size), most=size_of(LARGEST))


@dataclass(frozen=True)
class RestoreQuestion:
    """What would be replaced. `present`: how many rows the snapshot's tables have now, of the same guild or of all."""

    confirmation_id: int
    manifest: Manifest
    present: Mapping[str, int]


async def prepare_restore(app: App, *, actor: Actor, url: str, size: int) -> RestoreQuestion:
    """Get a file, check it and keep it until the actor has confirmed; nothing is changed.

    A guild's snapshot must be of the actor's guild; a snapshot of everything is for maintainers. Raises `Forbidden`,
    `SnapshotRefused`, `FileRefused`, or `Unavailable` when the file does not come.
    """
    actor.require(Flag.ADMIN)
    if size > LARGEST:
        raise FileRefused(size)
    path = incoming_folder(app.settings) / f"{secrets.token_hex(8)}{SUFFIX}"
    try:
        digest = await _fetch(app, url, path)
        manifest = await _check(app, actor, path)
        async with app.reading() as session:
            present = await count_rows(session, manifest.rows, manifest.guild_id)
        return RestoreQuestion(await _ask(app, actor, path, digest, manifest), manifest, present)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise


async def _fetch(app: App, url: str, path: Path) -> str:
    """Download a file and return its SHA-256."""
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    unfinished, digest = path.with_suffix(UNFINISHED), hashlib.sha256()
    file = await asyncio.to_thread(unfinished.open, "wb")
    try:
        async with contextlib.aclosing(app.discord.download(url, most=LARGEST, seconds=PATIENCE)) as pieces:
            async for piece in pieces:
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(file.close)
        await asyncio.to_thread(unfinished.rename, path)
    except FileTooLarge as error:
        raise FileRefused(LARGEST + 1) from error
    except DiscordError as error:
        log.warning("snapshot_not_fetched", reason=str(error))
        raise Unavailable(Text.BACKUP_DOWNLOAD_FAILED) from error
    finally:
        file.close()
        await asyncio.to_thread(unfinished.unlink, missing_ok=True)
    return digest.hexdigest()


async def _check(app: App, actor: Actor, path: Path) -> Manifest:
    """Check whose snapshot it is, then all of it. Raises `SnapshotRefused`."""
    try:
        manifest = await asyncio.to_thread(read_manifest, path)
        await check_scope(app, actor=actor, guild_id=manifest.guild_id)
        async with (
            app.lock(NO_GUILD, LOCK),
            check_snapshot(path, guild_id=manifest.guild_id, workdir=path.parent) as checked,
        ):
            return checked.manifest
    except BadSnapshot as error:
        raise refusal_of(error, actor.guild_id) from error


async def check_scope(app: App, *, actor: Actor, guild_id: int | None) -> None:
    """Raise `SnapshotRefused` where a snapshot of a guild (None: of everything) is not the actor's to load."""
    if guild_id is None:
        if not await is_maintainer(app, actor.user_id):
            raise SnapshotRefused(Refusal.WHOLE_DATABASE)
    elif guild_id != actor.guild_id:
        raise SnapshotRefused(Refusal.OTHER_GUILD)


def refusal_of(error: BadSnapshot, guild_id: int) -> SnapshotRefused:
    """Return what to tell of a bad snapshot; what is wrong exactly stands in the log only."""
    log.warning("snapshot_refused", guild=guild_id, reason=error.reason.value, detail=error.detail)
    return SnapshotRefused(error.reason)


async def _ask(app: App, actor: Actor, path: Path, digest: str, manifest: Manifest) -> int:
    """Write down what was asked, in the place of what was asked in this guild before."""
    details: dict[str, Any] = {
        "file": path.name,
        "sha256": digest,
        "guild_id": manifest.guild_id,
        "made_at": manifest.made_at.isoformat(),
    }
    async with app.transaction(actor.guild_id) as tx:
        forgotten = await _forget_older(tx)
        question = Confirmation(guild_id=tx.guild_id, user_id=actor.user_id, purpose=PURPOSE, details=details, asked_at=tx.now)  # pyright: ignore[reportCallIssue]
        tx.session.add(question)
        await tx.session.flush()
    for name in forgotten:
        await asyncio.to_thread((path.parent / name).unlink, missing_ok=True)
    return question.id


async def _forget_older(tx: Transaction) -> list[str]:
    same = (col(Confirmation.guild_id) == tx.guild_id, col(Confirmation.purpose) == PURPOSE)
    names = [row.details["file"] for row in (await tx.session.exec(select(Confirmation).where(*same))).all()]
    await tx.session.exec(delete(Confirmation).where(*same))
    return names
