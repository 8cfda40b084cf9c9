"""A process that is killed while it loads a snapshot leaves the old state or the new one, and nothing in between."""

import asyncio
import multiprocessing
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from db.engine import Database, sync_url
from tests.db.snapshots.conftest import Samples
from tests.db.snapshots.content import HERE, guild_rows, holds, put
from tests.db.snapshots.loading_child import run
from tests.thoroughness import THOROUGH

pytestmark = pytest.mark.crash
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.db.snapshots.loading_child"])
PATIENCE = 60.0
SHARE = 1 if THOROUGH else 24


def _load(address: str, path: Path, workdir: Path, deadly: int) -> int | None:
    """Load in a process of its own; return how many points it passed, or None when it was killed."""
    ours, theirs = FORKED.Pipe()
    process = FORKED.Process(target=run, args=(address, str(path), str(workdir), deadly, theirs))
    process.start()
    theirs.close()
    process.join(PATIENCE)
    assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
    passed: int | None = ours.recv() if process.exitcode == 0 else None
    ours.close()
    process.close()
    return passed


def _content(address: str) -> dict[str, list[Any]]:
    async def read() -> dict[str, list[Any]]:
        database = Database(address)
        found = await holds(database)
        await database.close()
        return found

    return asyncio.run(read())


def _fill(address: str) -> None:
    async def write() -> None:
        database = Database(address)
        await put(database, guild_rows(HERE, 100, requests=250))
        await database.close()

    asyncio.run(write())


def test_sqlite_holds_the_old_state_or_the_new_one(sqlite_address: str, samples: Samples, tmp_path: Path) -> None:
    _fill(sqlite_address)
    before, finished = _content(sqlite_address), f"sqlite:///{tmp_path / 'finished.db'}"
    _settle_file(sqlite_address, finished)
    points = _load(finished, samples.whole, tmp_path, 0)
    after = _content(finished)
    assert points is not None
    assert points > 100
    for deadly in [*range(1, points - 3, SHARE), *range(points - 3, points + 1)]:
        address = f"sqlite:///{tmp_path / f'{deadly}.db'}"
        _settle_file(sqlite_address, address)
        assert _load(address, samples.whole, tmp_path, deadly) is None
        found = _content(address)
        assert found == (after if deadly == points else before), deadly
        with create_engine(sync_url(address)).connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def _settle_file(source: str, target: str) -> None:
    """Copy a database that nobody has open: its log is merged into the file."""
    path = sync_url(source).database
    assert path is not None
    with create_engine(sync_url(source)).connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    shutil.copy(path, str(sync_url(target).database))


def test_postgresql_holds_the_old_state_or_the_new_one(postgres_address: str, samples: Samples, tmp_path: Path) -> None:
    _fill(postgres_address)
    before = _content(postgres_address)
    points = 150 if SHARE > 1 else 300
    for deadly in range(5, points, 6 * SHARE):
        assert _load(postgres_address, samples.whole, tmp_path, deadly) is None
        assert _content(postgres_address) == before
    assert _load(postgres_address, samples.whole, tmp_path, 0) is not None
    assert len(_content(postgres_address)["request"]) == 4
