"""A process that loads a snapshot and kills itself on the way, as a power cut would."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import event

from db.engine import Database
from db.snapshots import check_snapshot, load_into


class Points:
    """Counts what is sent to the database, and dies at one of these points. `deadly` 0: at none."""

    def __init__(self, deadly: int) -> None:
        self.deadly = deadly
        self.passed = 0

    def __call__(self, *arguments: Any) -> None:
        """Pass a point, or die."""
        self.passed += 1
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


async def _load(address: str, path: str, workdir: str, points: Points) -> None:
    database = Database(address)
    async with check_snapshot(Path(path), guild_id=None, workdir=Path(workdir)) as checked:
        engine = database.engine.sync_engine
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine, name, points)
        async with database.transaction() as session:
            await load_into(session, checked)
        points()
    await database.close()


def run(address: str, path: str, workdir: str, deadly: int, told: Any) -> None:
    """Load, and tell how many points were passed."""
    points = Points(deadly)
    asyncio.run(_load(address, path, workdir, points))
    told.send(points.passed)
