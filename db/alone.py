"""Be the only process that changes a database: what replaces or migrates it must not meet a running bot."""

import contextlib
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from db.engine import sync_url
from db.file_lock import held
from db.leases import LOCKS, REPLACING, OthersAtWork, Periods
from db.models import bot_process, shard_lease

_ALIVE = "process.renewed_at > clock_timestamp() - make_interval(secs => :lapsed)"


@contextlib.contextmanager
def only_process(address: str) -> Generator[None]:
    """Keep a SQLite file for this process, which may be a bot; PostgreSQL is for several. Raises `FileInUse` or `NoFileLocks`."""
    url = sync_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    with held(Path(url.database)):
        yield


@contextlib.contextmanager
def no_bot(address: str) -> Generator[None]:
    """See that no bot works with a database until the block is left.

    Raises `OthersAtWork` for PostgreSQL, `FileInUse` or `NoFileLocks` for SQLite.
    """
    if sync_url(address).get_backend_name() == "sqlite":
        with only_process(address):
            yield
        return
    engine = create_engine(sync_url(address), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            try:
                _take_over(connection)
                yield
            finally:
                # The server notices the end of a connection only later; where it has ended already, so have its locks.
                with contextlib.suppress(OperationalError):
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))
    finally:
        engine.dispose()


def _take_over(connection: Connection) -> None:
    """Let nobody take shards as long as the connection lasts."""
    taken = text("SELECT pg_try_advisory_lock(:locks, :replacing)")
    if not connection.execute(taken, {"locks": LOCKS, "replacing": REPLACING}).scalar_one():
        raise OthersAtWork(["somebody who replaces or migrates the database"])
    if not {bot_process.name, shard_lease.name} <= set(inspect(connection).get_table_names()):
        return
    found = connection.execute(text(f"SELECT place FROM bot_process AS process WHERE {_ALIVE} ORDER BY place"), _lapsed())
    if places := found.scalars().all():
        raise OthersAtWork(places)
    # A process that was frozen until now must find that its time is over.
    connection.execute(text("UPDATE shard_lease SET fence = fence + 1, holder = NULL"))


async def keep_others_out(session: AsyncSession, name: str) -> None:
    """Let nobody but the process of this name hold or take shards until the transaction ends. Raises `OthersAtWork`.

    Processes that stand by have nothing in memory, and go on standing by.
    """
    connection = await session.connection()
    await connection.execute(text("SELECT pg_advisory_xact_lock(:locks, :replacing)"), {"locks": LOCKS, "replacing": REPLACING})
    serving = (
        f"SELECT DISTINCT place FROM bot_process AS process JOIN shard_lease AS lease ON lease.holder = process.id"
        f" WHERE process.id <> :name AND {_ALIVE} ORDER BY place"
    )
    places: Sequence[str] = (await connection.execute(text(serving), {"name": name, **_lapsed()})).scalars().all()
    if places:
        raise OthersAtWork(places)
    await connection.execute(
        text("UPDATE shard_lease SET fence = fence + 1, holder = NULL WHERE holder <> :name"), {"name": name}
    )


def _lapsed() -> dict[str, Any]:
    return {"lapsed": Periods().lapsed}
