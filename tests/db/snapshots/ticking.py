"""Watch how long the event loop stands still while something else goes on."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

TICK = 0.002


@dataclass
class Stall:
    """The longest time (seconds) for which the loop did not get to a task that was due.

    `own`: the longest that the loop's own thread computed meanwhile, which a machine busy with other things does not change.
    """

    longest: float = 0.0
    own: float = 0.0


@contextlib.asynccontextmanager
async def watching() -> AsyncGenerator[Stall]:
    """Measure inside the block."""
    stall = Stall()

    async def tick() -> None:
        while True:
            before, computed = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            stall.own = max(stall.own, time.thread_time() - computed)
            stall.longest = max(stall.longest, time.perf_counter() - before - TICK)

    ticking = asyncio.create_task(tick())
    try:
        yield stall
    finally:
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
