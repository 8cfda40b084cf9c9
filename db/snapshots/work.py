"""Long work beside the event loop: in a thread, in a folder of its own, and ended when nobody waits for it."""

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

from db.snapshots.errors import BadSnapshot, Refusal

T = TypeVar("T")
_STALE = 86_400.0
"""Seconds after which a folder of ours is what a killed process left."""
_STEPS_BETWEEN_CHECKS = 10_000
"""Steps of SQLite's machine, well below a millisecond of work."""


class Stopped(Exception):
    """Whoever asked for the work does not want it any more."""


class Guard:
    """Tells work in a thread when to end: when nobody waits for it any more, or when its time (seconds) is over."""

    def __init__(self, seconds: float | None = None) -> None:
        self._stop = threading.Event()
        self._until = None if seconds is None else time.monotonic() + seconds

    def stop(self) -> None:
        """Ask the work to end."""
        self._stop.set()

    def check(self) -> None:
        """Go on, or raise `Stopped` or, when the time is over, `BadSnapshot`."""
        if self._stop.is_set():
            raise Stopped
        if self._until is not None and time.monotonic() > self._until:
            raise BadSnapshot(Refusal.TOO_SLOW, "checking it takes too long")

    def watch(self, connection: sqlite3.Connection) -> None:
        """Interrupt statements of a connection when it is time to end; they raise `sqlite3.OperationalError` then."""
        connection.set_progress_handler(self._is_over, _STEPS_BETWEEN_CHECKS)

    def _is_over(self) -> int:
        return int(self._stop.is_set() or (self._until is not None and time.monotonic() > self._until))


async def in_thread(work: Callable[[Guard], T], guard: Guard) -> T:
    """Run work in a thread; when the caller is cancelled, the work is asked to end and waited for."""
    running = asyncio.ensure_future(asyncio.to_thread(work, guard))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        guard.stop()
        await asyncio.wait({running})
        running.exception()
        raise


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Generator[Path]:
    """Make a folder that nobody else reads, and remove it at the end, with those that killed processes left."""
    parent = parent.absolute()
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(".snapshot-*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".snapshot-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
