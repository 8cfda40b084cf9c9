"""Twenty years of days keep nobody else waiting: what the event loop does at a stretch for a report stays short."""

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from config.definitions import definitions
from facades.requests.reports.asked import MOST_DAYS, Asked, ReportKind
from facades.requests.reports.draw_report import draw_report
from facades.requests.reports.export_report import export_report
from services.charts import Chart
from tests.db.many_requests import END, GUILD, fill
from tests.facades.requests.world import RequestWorld, person
from tests.fakes.clock import SteerableClock
from util.identifiers import Flag
from util.local_days import Granularity
from util.memory import settle

LOG = logging.getLogger(__name__)
MOST = 0.05
"""Seconds at a stretch."""
VIEWER = person(70, Flag.REPORT_VIEWER, guild_id=GUILD)


@contextlib.asynccontextmanager
async def longest_stretch() -> AsyncGenerator[list[float]]:
    """Give the longest time at a stretch that the loop's thread itself works in the block; others on the machine do not count."""
    found = [0.0]

    async def tick() -> None:
        last = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            found[0] = max(found[0], now - last)
            last = now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    yield found
    await asyncio.sleep(0)
    ticking.cancel()


@pytest.fixture
async def long_world(sqlite_address: str) -> AsyncGenerator[RequestWorld]:
    fill(sqlite_address, 100_000)
    world = RequestWorld(sqlite_address)
    world.app.clock = SteerableClock(END)
    # The bot has read its texts and definitions when it starts.
    definitions()
    # And has set aside what it had made by then: what other tests have left behind shall not be looked through meanwhile.
    settle()
    yield world
    gc.unfreeze()
    await world.app.database.close()


async def test_the_longest_reports_leave_the_event_loop_to_others(
    long_world: RequestWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def picture(chart: Chart) -> bytes:
        return b""

    app = long_world.app
    monkeypatch.setattr(app.charts, "picture", picture)
    taken: dict[str, float] = {}
    # The first report opens a connection and puts its statements together, once for the life of the process.
    for kind in ReportKind:
        await draw_report(app, actor=VIEWER, asked=Asked(kind, END.date() - timedelta(days=60), END.date(), reviewer_id=101))
    for kind in ReportKind:
        asked = Asked(kind, END.date() - timedelta(days=MOST_DAYS - 1), END.date(), Granularity.DAY, 101)
        async with longest_stretch() as drawing:
            await draw_report(app, actor=VIEWER, asked=asked)
        async with longest_stretch() as exporting:
            assert await export_report(app, actor=VIEWER, asked=asked)
        taken |= {f"{kind.value} drawn": drawing[0], f"{kind.value} exported": exporting[0]}
    LOG.info("%s", {name: f"{seconds * 1000:.1f} ms" for name, seconds in taken.items()})
    assert {name: seconds for name, seconds in taken.items() if seconds > MOST} == {}
