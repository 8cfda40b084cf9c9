"""A clock that stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta

from services.clock import Clock

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class SteerableClock(Clock):
    """Time that passes only by `advance` (or jumps by `set`); sleepers wake when their moment is reached."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._monotonic + seconds, woken))
        await woken

    @property
    def sleeping(self) -> int:
        """How many are waiting for time to pass."""
        return sum(not woken.done() for _, woken in self._sleepers)

    def advance(self, span: timedelta | float) -> None:
        """Let a span pass (a number is seconds) and wake those whose time has come."""
        seconds = span.total_seconds() if isinstance(span, timedelta) else span
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
        due = [woken for at, woken in self._sleepers if at <= self._monotonic]
        self._sleepers = [(at, woken) for at, woken in self._sleepers if at > self._monotonic]
        for woken in due:
            if not woken.done():
                woken.set_result(None)

    def set(self, now: datetime) -> None:
        """Jump to a later moment. Raises `ValueError` for an earlier one."""
        if now < self._now:
            raise ValueError("time does not go back")
        self.advance(now - self._now)


FixedClock = SteerableClock
"""For tests that never move it."""
