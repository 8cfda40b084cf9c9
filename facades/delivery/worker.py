"""The delivery worker: sends what is owed to Discord, several streams at once, each strictly in order."""

import asyncio
from datetime import timedelta

import structlog

from db.queries.deliveries import StreamHead, stream_heads
from facades.app import App
from facades.delivery.deliver_head import deliver_head
from facades.shards import ShardsLost
from facades.transaction import LOG_STREAM

log = structlog.get_logger()

STREAMS_AT_ONCE = 8
LONGEST_WAIT = timedelta(seconds=30)
"""Another process may have left something behind, or a guild may have come back."""
PAUSE_AFTER_FAILURE = 5.0
SHORT_WAIT = 0.1
"""Seconds after which the table is looked through although something new is being sent."""
MOST_FRESH = 5
"""Times in a row that what is new may go first, before the table is looked through."""
LOG_WAITS = timedelta(seconds=1)
"""So long the entries of a guild's log let go before what people wait for; meanwhile they gather into fewer messages."""

Stream = tuple[int, str]


class DeliveryWorker:
    """Empties the table of deliveries until it is stopped. One of them per process."""

    def __init__(self, app: App, *, streams_at_once: int = STREAMS_AT_ONCE) -> None:
        self._app = app
        self._slots = asyncio.Semaphore(streams_at_once)
        self._active: dict[Stream, asyncio.Task[None]] = {}
        self._stopping = False
        self._broken: BaseException | None = None
        self._rounds_of_fresh = 0

    @property
    def active(self) -> int:
        """How many streams are being worked on."""
        return len(self._active)

    async def run(self) -> None:
        """Deliver until stopped or cancelled."""
        try:
            while not self._stopping:
                self._app.deliveries_due.clear()
                try:
                    wait = SHORT_WAIT if await self._start_fresh() else await self._start_due()
                except Exception:
                    # The database cannot be read now; what is owed waits in it.
                    log.exception("deliveries_not_read")
                    wait = PAUSE_AFTER_FAILURE
                await self._wait(wait)
                if self._broken is not None:
                    raise self._broken
        finally:
            # What is being sent when the worker is told to stop is left to `stop`.
            for task in () if self._stopping else self._active.values():
                task.cancel()

    async def stop(self, time_limit: float = 10.0) -> None:
        """Begin nothing new and let what is being sent finish, at most for so many seconds. The rest stays in the table."""
        self._stopping = True
        self._app.deliveries_due.set()
        active = list(self._active.values())
        if active:
            _, late = await asyncio.wait(active, timeout=time_limit)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_fresh(self) -> bool:
        """Start on streams that have just got something, without looking through the table: somebody waits for it.

        Returns whether to let them go first; the table is looked through at the latest every `MOST_FRESH` times.
        """
        fresh, self._app.fresh_streams = self._app.fresh_streams, set()
        started = False
        for stream in fresh:
            guild_id, name = stream
            if name == LOG_STREAM or stream in self._active or not self._may_deliver(guild_id):
                continue
            if self._stopping or self._slots.locked():
                # They come in their turn.
                return False
            await self._start(stream)
            started = True
        self._rounds_of_fresh = self._rounds_of_fresh + 1 if started else 0
        return started and self._rounds_of_fresh % MOST_FRESH != 0

    async def _start(self, stream: Stream) -> None:
        """Start on a stream as soon as there is a slot, unless the worker is stopped meanwhile."""
        await self._slots.acquire()
        if self._stopping:
            self._slots.release()
            return
        task = asyncio.create_task(self._empty(*stream), name=f"deliver {stream[0]} {stream[1]}")
        self._active[stream] = task
        task.add_done_callback(lambda done: self._finished(stream, done))

    async def _start_due(self) -> float:
        """Start on every stream whose head is due; return the seconds until the next one is."""
        async with self._app.reading() as session:
            heads = await stream_heads(session)
        until = LONGEST_WAIT
        for head in sorted(heads, key=_is_log):
            stream = (head.guild_id, head.stream)
            if stream in self._active or not self._may_deliver(head.guild_id):
                continue
            due_in = head.due_at - self._app.now()
            if _is_log(head) and self._is_sending(head.guild_id):
                due_in += LOG_WAITS
            if due_in > timedelta(0):
                until = min(until, due_in)
                continue
            await self._start(stream)
            if self._stopping:
                break
        return until.total_seconds()

    async def _empty(self, guild_id: int, stream: str) -> None:
        while not self._stopping and self._may_deliver(guild_id):
            try:
                if not await deliver_head(self._app, guild_id=guild_id, stream=stream):
                    return
            except ShardsLost:
                log.warning("delivery_left_to_others", guild=guild_id, stream=stream)
                return
            except Exception:
                # Nothing could be written down; the item is tried again after a while.
                log.exception("delivery_failed", guild=guild_id, stream=stream)
                await self._app.clock.sleep(PAUSE_AFTER_FAILURE)
                return

    def _is_sending(self, guild_id: int) -> bool:
        """Tell whether anything but its log is on its way to a guild."""
        return any(guild == guild_id and stream != LOG_STREAM for guild, stream in self._active)

    def _may_deliver(self, guild_id: int) -> bool:
        """Tell whether a guild's streams can go on now: waiting for a gate would take the slots of other guilds."""
        is_served = self._app.shards.is_ours(guild_id) and self._app.discord.is_serving(guild_id)
        return is_served and not self._app.deliveries.is_shut(guild_id)

    def _finished(self, stream: Stream, task: asyncio.Task[None]) -> None:
        self._active.pop(stream, None)
        self._slots.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken = error
        # The stream may have got something new, or a new due time, while it was being worked on.
        self._app.deliveries_due.set()

    async def _wait(self, seconds: float) -> None:
        """Wait until something is owed, a stream was emptied, or so many seconds have passed."""
        waits = {
            asyncio.create_task(self._app.deliveries_due.wait()),
            asyncio.ensure_future(self._app.clock.sleep(seconds)),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _is_log(head: StreamHead) -> bool:
    return head.stream == LOG_STREAM
