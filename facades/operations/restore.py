"""Load a snapshot that somebody has confirmed, after saving the present state; or leave everything as it is."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import CursorResult, delete
from sqlmodel import col, select

from db.leases import OthersAtWork
from db.models import Confirmation
from db.queries.jobs import schedule_job
from db.snapshots import BadSnapshot, CheckedSnapshot, DatabaseBusy, Loaded, Manifest, check_snapshot
from facades.app import App
from facades.operations import resync_commands
from facades.operations.load_snapshot import load_snapshot
from facades.operations.maintainers import tell_where_it_lies
from facades.operations.prepare_restore import PURPOSE, check_scope, refusal_of
from facades.operations.remove_old_snapshots import CONFIRM_WITHIN, remove_old_snapshots
from facades.operations.report_error import NO_GUILD
from facades.operations.save_backup import LOCK, save_to_disk
from facades.operations.snapshot_files import digest_of, incoming_folder, take
from util.actor import Actor
from util.datatypes import Upload
from util.errors import NotFound, Refused, Unavailable
from util.identifiers import EventType, Flag
from util.texts import Text

log = structlog.get_logger()

PATIENCE: Final = 60.0
"""Seconds in which what is being done in the guild must have come to its end."""


class QuestionGone(NotFound):
    """The question was answered already, or a newer one has taken its place, or it is another's."""

    def __init__(self) -> None:
        super().__init__(Text.BACKUP_QUESTION_GONE)


@dataclass(frozen=True)
class SafetyCopy:
    """The state before loading. `file` None: it is larger than `most`; the maintainers are told where it lies."""

    name: str
    size: int
    most: int
    file: Upload | None


@dataclass(frozen=True)
class Restored:
    """What was done. `made_at`: the moment whose state there is now; `cards`: how many will be brought up to date.

    `left_out`: settings that could not be taken over.
    """

    made_at: datetime
    rows: int
    cards: int
    left_out: int
    safety: SafetyCopy


@dataclass(frozen=True)
class _Wish:
    path: Path
    sha256: str
    guild_id: int | None


@dataclass(frozen=True)
class _Done:
    loaded: Loaded
    made_at: datetime
    safety: Manifest
    safety_path: Path
    safety_size: int


async def restore(app: App, *, actor: Actor, confirmation_id: int, most: int, begun: Callable[[], Awaitable[None]]) -> Restored:
    """Save the present state, load the snapshot in one transaction, and bring caches, commands and cards after it.

    `most`: how large a file the answer takes. `begun` is called once the question is taken. Raises `Forbidden`, `QuestionGone`,
    `Refused` for a question too old or a file that is not what was checked, `Unavailable` when the guild cannot be held up, and
    OSError when the present state cannot be saved; nothing has been changed then.
    """
    actor.require(Flag.ADMIN)
    wish = await _take(app, actor, confirmation_id)
    try:
        await begun()
        await check_scope(app, actor=actor, guild_id=wish.guild_id)
        async with app.lock(NO_GUILD, LOCK):
            await _check_digest(wish)
            done = await _check_and_load(app, actor, wish)
    finally:
        await asyncio.to_thread(wish.path.unlink, missing_ok=True)
    await _follow(app, actor, done.loaded)
    safety = await _hand_over(app, actor, done, most)
    loaded = done.loaded
    return Restored(done.made_at, loaded.rows, len(loaded.cards), loaded.left_out, safety)


async def keep_present(app: App, *, actor: Actor, confirmation_id: int) -> None:
    """Forget what the actor was asked, and the file. Raises `Forbidden` or `QuestionGone`."""
    actor.require(Flag.ADMIN)
    with contextlib.suppress(_Expired):
        wish = await _take(app, actor, confirmation_id)
        await asyncio.to_thread(wish.path.unlink, missing_ok=True)


class _Expired(Refused):
    def __init__(self) -> None:
        super().__init__(Text.BACKUP_QUESTION_EXPIRED)


async def _take(app: App, actor: Actor, confirmation_id: int) -> _Wish:
    """Take the question away, so that it is answered once. Raises `QuestionGone`, or `Refused` when it is too old."""
    same = (
        col(Confirmation.id) == confirmation_id,
        col(Confirmation.guild_id) == actor.guild_id,
        col(Confirmation.user_id) == actor.user_id,
        col(Confirmation.purpose) == PURPOSE,
    )
    async with app.transaction(actor.guild_id) as tx:
        question = (await tx.session.exec(select(Confirmation).where(*same))).first()
        result: CursorResult[Any] = await tx.session.exec(delete(Confirmation).where(*same))
        if question is None or not result.rowcount:
            raise QuestionGone
    details = question.details
    wish = _Wish(incoming_folder(app.settings) / Path(details["file"]).name, details["sha256"], details["guild_id"])
    if app.now() - question.asked_at > CONFIRM_WITHIN:
        await asyncio.to_thread(wish.path.unlink, missing_ok=True)
        raise _Expired
    return wish


async def _check_digest(wish: _Wish) -> None:
    try:
        found = await asyncio.to_thread(digest_of, wish.path)
    except OSError:
        found = None
    if found != wish.sha256:
        raise Refused(Text.BACKUP_FILE_CHANGED)


async def _check_and_load(app: App, actor: Actor, wish: _Wish) -> _Done:
    """Check the file once more and load it. Raises `SnapshotRefused` or `Unavailable`."""
    try:
        async with (
            check_snapshot(wish.path, guild_id=wish.guild_id, workdir=wish.path.parent) as checked,
            _alone(app, wish.guild_id),
        ):
            return await _save_and_load(app, actor, checked)
    except BadSnapshot as error:
        raise refusal_of(error, actor.guild_id) from error
    except DatabaseBusy as error:
        raise Unavailable(Text.BACKUP_BUSY) from error
    except OthersAtWork as error:
        raise Unavailable(Text.BACKUP_OTHERS, count=len(error.places)) from error


async def _save_and_load(app: App, actor: Actor, checked: CheckedSnapshot) -> _Done:
    path, safety, size = await save_to_disk(app, checked.guild_id, is_safety=True)
    log.info("present_state_saved", path=str(path), reason="a snapshot is about to be loaded")
    # What is in a guild's file is its admins' word; they may not lead the bot into channels of others.
    shape = None if checked.guild_id is None else app.discord.guild_shape(checked.guild_id)
    channels = None if shape is None else {channel.id for channel in shape.channels}
    loaded = await load_snapshot(
        app.database, checked=checked, actor_id=actor.user_id, now=app.now(), channels=channels, shards=app.shards
    )
    app.guilds.drop_all()
    return _Done(loaded, checked.manifest.made_at, safety, path, size)


@contextlib.asynccontextmanager
async def _alone(app: App, guild_id: int | None) -> AsyncGenerator[None]:
    """Keep deliveries, then actions out of a guild (None: of all) until the block is left.

    In this order: a delivery that is on its way still has to write down what came of it.
    """
    try:
        async with contextlib.AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(app.deliveries.shut(guild_id, PATIENCE))
                await stack.enter_async_context(app.actions.shut(guild_id, PATIENCE))
            except TimeoutError as error:
                raise Unavailable(Text.BACKUP_BUSY) from error
            yield
    finally:
        # The worker has passed over the guild meanwhile.
        app.deliveries_due.set()


async def _follow(app: App, actor: Actor, loaded: Loaded) -> None:
    """Bring after the loaded state what else depends on it: what other processes remember, and Discord's commands."""
    async with app.database.transaction() as session:
        for guild_id in loaded.guilds:
            await schedule_job(session, resync_commands.NAME, guild_id, app.now())
    await app.commands_changed(actor.guild_id)


async def _hand_over(app: App, actor: Actor, done: _Done, most: int) -> SafetyCopy:
    """Return the state before loading for the answer; the maintainers learn where it lies when it is too large for that."""
    path, size, is_whole = done.safety_path, done.safety_size, done.safety.guild_id is None
    async with app.transaction(NO_GUILD) as tx:
        if is_whole:
            tx.log(EventType.SNAPSHOT_SAVED, actor.user_id, scheduled=False, rows=done.safety.total_rows)
        if size > most:
            await tell_where_it_lies(app, tx.session, done.safety, path, size)
            tx.owes = True
    file = await asyncio.to_thread(take, path, keep=True) if size <= most else None
    await remove_old_snapshots(app)
    return SafetyCopy(path.name, size, most, file)
