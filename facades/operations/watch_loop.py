"""Measure how long the event loop keeps waiting tasks waiting."""

import asyncio

import structlog

from facades.app import App

log = structlog.get_logger()

PAUSE = 0.25
"""Seconds between two looks."""
WORTH_A_LINE = 1.0
"""Seconds of standstill that are told in the log: somebody's three seconds are nearly over by then."""


async def watch_loop(app: App) -> None:
    """Measure until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + PAUSE
        await asyncio.sleep(PAUSE)
        late = max(0.0, loop.time() - due)
        app.metrics.loop_lag.observe(late)
        if late >= WORTH_A_LINE:
            log.warning("loop_stood_still", seconds=round(late, 2))
