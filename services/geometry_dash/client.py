"""The client of the Geometry Dash server: paced, batched, cached, and patient with a failing server."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import aiohttp
from aiolimiter import AsyncLimiter

from services.clock import Clock
from services.geometry_dash.breaker import Breaker, BreakerState, Permit
from services.geometry_dash.cache import Absence, LevelCache
from services.geometry_dash.errors import GeometryDashUnavailable, UnavailableReason
from services.geometry_dash.health import Health
from services.geometry_dash.level import Level
from services.geometry_dash.parsing import Answer, parse_answer
from services.geometry_dash.transport import MOST_IDS, Transport
from util.metrics import Metrics

OFFICIAL_SERVER: Final = "http://www.boomlings.com"
_OK: Final = "ok"
_MOST_GATHERINGS: Final = 10


@dataclass(frozen=True, slots=True)
class _Failure:
    """A failed lookup. Kept as a value, so that each waiter raises an exception of its own and none goes unretrieved."""

    reason: UnavailableReason
    detail: str


_Lookup = asyncio.Future[Level | Absence | _Failure]


class GeometryDash:
    """Looks levels up, whoever asks, with as few calls as possible.

    Calls start at least `pace` seconds apart and carry up to ten ids; whatever is asked for meanwhile joins the next one.
    A call that is not full leaves once nobody has asked for anything more during `gathering` seconds.
    Callers who ask for the same level share one lookup, and a caller who gives up does not end it for the others. Found
    levels are kept for `found_for` seconds, absent ones for `absent_for`. A call is given up after `call_timeout` seconds; after
    `failures_to_pause` failed calls in a row nothing is asked for `pause` seconds, then one call decides.

    A lent `session` stays open when the client closes. All spans are in seconds. `metrics`: where calls are counted.
    """

    metrics: Metrics | None = None

    def __init__(
        self,
        base_url: str = OFFICIAL_SERVER,
        *,
        clock: Clock | None = None,
        session: aiohttp.ClientSession | None = None,
        pace: float = 0.6,
        call_timeout: float = 10.0,
        found_for: float = 300.0,
        absent_for: float = 60.0,
        failures_to_pause: int = 3,
        pause: float = 30.0,
        gathering: float = 0.02,
    ) -> None:
        self._clock = clock or Clock()
        self._transport = Transport(base_url, session=session, timeout=call_timeout)
        self._limiter = AsyncLimiter(1, pace)
        self._gathering = gathering
        self._breaker = Breaker(self._clock, threshold=failures_to_pause, pause=pause)
        self._cache = LevelCache(self._clock, found_for=found_for, absent_for=absent_for)
        self._queued: dict[int, _Lookup] = {}
        self._asked: dict[int, _Lookup] = {}
        self._dispatcher: asyncio.Task[None] | None = None
        self._calls: dict[asyncio.Task[None], dict[int, _Lookup]] = {}
        self._closed = False
        self._call_count = 0
        self._last_answer_at: datetime | None = None
        self._last_failure_at: datetime | None = None
        self._last_failure: UnavailableReason | None = None

    async def level(self, level_id: int) -> Level | None:
        """Return a level, None when the server says there is none.

        Raises `GeometryDashUnavailable` when the server cannot be asked or does not answer, `ValueError` for an id below 1.
        """
        return await _outcome(self._look_up(level_id))

    async def levels(self, level_ids: Iterable[int]) -> dict[int, Level | None]:
        """Return several levels by their ids, in the order given, each as `level` does.

        Raises `GeometryDashUnavailable` when any of them cannot be had, `ValueError` for an id below 1.
        """
        lookups = {level_id: self._look_up(level_id) for level_id in dict.fromkeys(level_ids)}
        return {level_id: await _outcome(lookup) for level_id, lookup in lookups.items()}

    def peek(self, level_id: int) -> Level | None:
        """Return a level when it is in the cache; never asks the server."""
        known = self._cache.get(level_id)
        return known if isinstance(known, Level) else None

    def invalidate(self, level_id: int) -> None:
        """Forget a level, so that the next lookup asks the server, also when an answer is on its way."""
        self._cache.drop(level_id)
        self._asked.pop(level_id, None)

    def health(self) -> Health:
        """Return how the server has been answering."""
        is_open = self._breaker.state is BreakerState.OPEN
        return Health(
            state=self._breaker.state,
            failures_in_row=self._breaker.failures_in_row,
            calls=self._call_count,
            waiting=len(self._queued),
            in_flight=sum(map(len, self._calls.values())),
            cached=len(self._cache),
            last_answer_at=self._last_answer_at,
            last_failure_at=self._last_failure_at,
            last_failure=self._last_failure,
            resumes_at=self._clock.now() + timedelta(seconds=self._breaker.seconds_left) if is_open else None,
        )

    async def close(self) -> None:
        """Give up every lookup (its waiters get `GeometryDashUnavailable`) and close the client's own session."""
        self._closed = True
        tasks = [*self._calls, *([self._dispatcher] if self._dispatcher else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._fail_queued(_Failure(UnavailableReason.CLOSED, ""))
        await self._transport.close()

    def _look_up(self, level_id: int) -> _Lookup:
        if level_id < 1:
            raise ValueError(f"{level_id} is no level id")
        if self._closed:
            raise GeometryDashUnavailable(UnavailableReason.CLOSED)
        known = self._cache.get(level_id)
        if known is not None:
            lookup: _Lookup = asyncio.get_running_loop().create_future()
            lookup.set_result(known)
            return lookup
        shared = self._queued.get(level_id) or self._asked.get(level_id)
        return shared or self._enqueue(level_id)

    def _enqueue(self, level_id: int) -> _Lookup:
        if self._breaker.refuses:
            raise GeometryDashUnavailable(UnavailableReason.PAUSED)
        lookup: _Lookup = asyncio.get_running_loop().create_future()
        self._queued[level_id] = lookup
        if self._dispatcher is None or self._dispatcher.done():
            self._dispatcher = asyncio.create_task(self._dispatch(), name="geometry-dash-dispatcher")
        return lookup

    async def _dispatch(self) -> None:
        while self._queued:
            await self._limiter.acquire()
            await self._gather()
            permit = self._breaker.admit()
            if permit is None:
                self._fail_queued(_Failure(UnavailableReason.PAUSED, ""))
                return
            batch = {level_id: self._queued.pop(level_id) for level_id in list(self._queued)[:MOST_IDS]}
            self._asked.update(batch)
            call = asyncio.create_task(self._call(batch, permit), name="geometry-dash-call")
            self._calls[call] = batch
            call.add_done_callback(partial(self._finish_call, permit))

    async def _gather(self) -> None:
        """Wait for as long as others keep asking: many who ask at once come one after the other, and shall share calls."""
        for _ in range(_MOST_GATHERINGS):
            queued = len(self._queued)
            if queued >= MOST_IDS:
                return
            await asyncio.sleep(self._gathering)
            if len(self._queued) == queued:
                return

    async def _call(self, batch: dict[int, _Lookup], permit: Permit) -> None:
        self._call_count += 1
        begun = self._clock.monotonic()
        try:
            answer = parse_answer(await self._transport.fetch(list(batch)))
            _check_ids(answer, batch)
        except GeometryDashUnavailable as error:
            self._count(error.reason.value, begun)
            self._breaker.fail(permit)
            self._note_failure(error.reason)
            for lookup in batch.values():
                lookup.set_result(_Failure(error.reason, error.detail))
            return
        self._count(_OK, begun)
        self._breaker.succeed()
        self._last_answer_at = self._clock.now()
        for level_id, lookup in batch.items():
            self._settle(level_id, lookup, answer)

    def _count(self, outcome: str, begun: float) -> None:
        if self.metrics is not None:
            self.metrics.game_calls.labels(outcome).inc()
            self.metrics.game_seconds.observe(self._clock.monotonic() - begun)

    def _settle(self, level_id: int, lookup: _Lookup, answer: Answer) -> None:
        if level_id in answer.unreadable:
            self._note_failure(UnavailableReason.GARBAGE)
            lookup.set_result(_Failure(UnavailableReason.GARBAGE, f"level {level_id} cannot be read"))
            return
        value = answer.levels.get(level_id, Absence.ABSENT)
        # A lookup that was invalidated on its way still answers those who asked before, but is not kept.
        if self._asked.get(level_id) is lookup:
            self._cache.put(level_id, value)
        lookup.set_result(value)

    def _finish_call(self, permit: Permit, call: asyncio.Task[None]) -> None:
        batch = self._calls.pop(call)
        error = None if call.cancelled() else call.exception()
        if error is not None:
            self._breaker.fail(permit)
        for level_id, lookup in batch.items():
            if self._asked.get(level_id) is lookup:
                del self._asked[level_id]
            if lookup.done():
                continue
            if error is not None:
                lookup.set_exception(error)
            else:
                lookup.set_result(_Failure(UnavailableReason.CLOSED, ""))

    def _fail_queued(self, failure: _Failure) -> None:
        for lookup in self._queued.values():
            lookup.set_result(failure)
        self._queued.clear()

    def _note_failure(self, reason: UnavailableReason) -> None:
        self._last_failure_at = self._clock.now()
        self._last_failure = reason


async def _outcome(lookup: _Lookup) -> Level | None:
    # Shielded: the lookup is shared, and one caller giving up must not end it for the others.
    result = await asyncio.shield(lookup)
    if isinstance(result, _Failure):
        raise GeometryDashUnavailable(result.reason, result.detail)
    return result if isinstance(result, Level) else None


def _check_ids(answer: Answer, batch: dict[int, _Lookup]) -> None:
    strangers = (answer.levels.keys() | answer.unreadable) - batch.keys()
    if strangers:
        raise GeometryDashUnavailable(UnavailableReason.GARBAGE, f"levels nobody asked for: {sorted(strangers)[:MOST_IDS]}")
