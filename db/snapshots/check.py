"""Check a snapshot completely before anything of it is used."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from db.migrate import head
from db.snapshots.describe import count_rows
from db.snapshots.errors import BadSnapshot, Refusal
from db.snapshots.inspect import require_known
from db.snapshots.limits import Limits
from db.snapshots.manifest import Manifest
from db.snapshots.packing import open_file, read_head, unpack
from db.snapshots.schema import address_of, bring_to
from db.snapshots.untrusted import copy_rows
from db.snapshots.values import check_values
from db.snapshots.work import Guard, in_thread, scratch_folder

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class CheckedSnapshot:
    """A snapshot that may be loaded, brought up to the newest schema in a private copy at `database`.

    `guild_id`: which guild will be loaded; None: everything.
    """

    manifest: Manifest
    guild_id: int | None
    database: Path

    @property
    def address(self) -> str:
        """The address of the private copy."""
        return address_of(self.database)


@contextlib.asynccontextmanager
async def check_snapshot(
    path: Path, *, guild_id: int | None, workdir: Path, from_whole: bool = False, limits: Limits = DEFAULT_LIMITS
) -> AsyncGenerator[CheckedSnapshot]:
    """Check a file for loading one guild (None: everything), and keep the checked copy until the block is left.

    `workdir`: a folder for private copies; it is made. `from_whole`: a guild may also be taken out of a snapshot of everything
    (for maintainers only). Raises `BadSnapshot`. Blocks no loop.
    """
    stack = contextlib.ExitStack()
    folder = await asyncio.to_thread(stack.enter_context, scratch_folder(workdir))
    try:
        manifest = await in_thread(lambda guard: _check(path, folder, guild_id, from_whole, limits, guard), Guard(limits.seconds))
        yield CheckedSnapshot(manifest, guild_id, folder / "checked.db")
    finally:
        # Large files take a moment to delete.
        await asyncio.to_thread(stack.close)


def _check(path: Path, folder: Path, guild_id: int | None, from_whole: bool, limits: Limits, guard: Guard) -> Manifest:
    given, checked = folder / "given.db", folder / "checked.db"
    with open_file(path, limits.packed) as file:
        manifest = read_head(file)
        require_known(manifest)
        _require_scope(manifest, guild_id, from_whole)
        unpack(file, manifest, given, limits.unpacked, guard)
    copy_rows(given, checked, manifest.revision, guard)
    given.unlink()
    _compare_counts(checked, manifest, guard)
    _bring_up_to_date(checked, manifest)
    guard.check()
    check_values(checked, manifest.guild_id, guard)
    return manifest


def _require_scope(manifest: Manifest, guild_id: int | None, from_whole: bool) -> None:
    if guild_id is None and manifest.guild_id is not None:
        raise BadSnapshot(Refusal.ONE_GUILD, f"it holds guild {manifest.guild_id} only")
    if guild_id is None or manifest.guild_id == guild_id:
        return
    if manifest.guild_id is not None:
        raise BadSnapshot(Refusal.OTHER_GUILD, f"it holds guild {manifest.guild_id}, not {guild_id}")
    if not from_whole:
        raise BadSnapshot(Refusal.WHOLE_DATABASE, "it holds all guilds")
    if guild_id not in {guild.guild_id for guild in manifest.guilds}:
        raise BadSnapshot(Refusal.OTHER_GUILD, f"it does not hold guild {guild_id}")


def _compare_counts(path: Path, manifest: Manifest, guard: Guard) -> None:
    with closing(sqlite3.connect(path)) as connection:
        guard.watch(connection)
        try:
            counted = count_rows(connection)
        except (sqlite3.Error, TypeError, UnicodeDecodeError) as error:
            guard.check()
            raise BadSnapshot(Refusal.WRONG_VALUE, "its guilds cannot be counted") from error
    if manifest.guild_id is not None and any(guild.guild_id != manifest.guild_id for guild in counted.guilds):
        raise BadSnapshot(Refusal.OTHER_GUILD, "it holds rows of another guild")
    if counted.rows != dict(manifest.rows) or counted.guilds != manifest.guilds:
        raise BadSnapshot(Refusal.DAMAGED, "it holds other rows than it says")


def _bring_up_to_date(path: Path, manifest: Manifest) -> None:
    if manifest.revision == head():
        return
    try:
        bring_to(path, "head")
    except (SQLAlchemyError, CommandError, RuntimeError, ValueError) as error:
        said = f"it cannot be brought up to date from revision {manifest.revision} ({type(error).__name__})"
        raise BadSnapshot(Refusal.WRONG_VALUE, said) from error
