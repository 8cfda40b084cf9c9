"""The thread in which pictures are drawn, one after another, by a browser that is kept warm."""

import asyncio
import concurrent.futures
import contextlib
import threading
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from services.charts.browser import Browser, find_browser, load_kaleido, may_use_sandbox, why_no_browser
from services.charts.chart import Chart
from services.charts.figures import draw

log = structlog.get_logger()
Result = TypeVar("Result")

_STOPPING = "the bot is stopping"


class ChartUnavailable(Exception):
    """No picture could be made; the message says why, for maintainers."""


class _Crashed(Exception):
    """The browser went away."""


@dataclass(frozen=True)
class Limits:
    """Seconds that one picture may take, besides those for starting the browser; that a request may wait in the queue; and
    after which an idle browser is closed.

    A browser is renewed after `most_pictures`, because its memory grows; `most_waiting` requests may stand in the queue. Every
    `look_around` seconds the thread looks whether the program has ended without closing it.
    """

    one_picture: float = 20
    start: float = 30
    in_queue: float = 60
    idle: float = 300
    most_pictures: int = 100
    most_waiting: int = 50
    look_around: float = 0.5


@dataclass
class ChartCounts:
    """What was drawn since the start. `seconds`: how long pictures took together, waiting included; `starts`: of the browser."""

    pictures: int = 0
    files: int = 0
    failures: int = 0
    crashes: int = 0
    starts: int = 0
    seconds: float = 0.0
    last_seconds: float | None = None


@dataclass
class _Job:
    chart: Chart
    future: concurrent.futures.Future[bytes]
    asked_at: float = field(default_factory=time.monotonic)


class Drawing:
    """Takes charts from any thread. Its own thread starts with the first one, and ends when nothing was asked for a while."""

    def __init__(self, limits: Limits, counts: ChartCounts) -> None:
        """Start nothing yet."""
        self.limits = limits
        self.counts = counts
        self.last_failure: str | None = None
        self._lock = threading.Lock()
        self._jobs: deque[_Job] = deque()
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        # The worker that takes new charts; another one may still be ending its browser.
        self._worker: _Worker | None = None

    @property
    def waiting(self) -> int:
        """How many charts nobody has begun with."""
        return len(self._jobs)

    @property
    def is_warm(self) -> bool:
        """Whether a browser stands ready."""
        worker = self._worker
        return worker is not None and worker.is_warm

    @property
    def is_over(self) -> bool:
        """Whether nothing more shall be drawn. A thread of Kaleido's would keep a program from ending that forgot to close."""
        return self._is_closed or not threading.main_thread().is_alive()

    def submit(self, chart: Chart) -> concurrent.futures.Future[bytes]:
        """Ask for a picture. Raises `ChartUnavailable` when the queue is full, or everything is being closed."""
        job = _Job(chart, concurrent.futures.Future())
        with self._lock:
            if self._is_closed:
                raise ChartUnavailable(_STOPPING)
            if len(self._jobs) >= self.limits.most_waiting:
                raise ChartUnavailable(f"{len(self._jobs)} charts are waiting already")
            self._jobs.append(job)
            if self._worker is None:
                self._worker = _Worker(self)
                thread = threading.Thread(target=self._worker.run, name="charts")
                self._threads = [*(known for known in self._threads if known.is_alive()), thread]
                thread.start()
            self._worker.wake()
        return job.future

    def close(self) -> None:
        """Refuse what waits, stop what is being drawn, end the browser and the thread; blocks until then."""
        with self._lock:
            self._is_closed = True
            if self._worker is not None:
                self._worker.wake()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def next_job(self, worker: "_Worker", *, is_idle: bool) -> "_Job | None":
        """Take the oldest chart, if there is one. A worker that has been idle, or is to end, is let go in the same moment."""
        with self._lock:
            if self._jobs and not self.is_over:
                return self._jobs.popleft()
            if is_idle or self.is_over:
                self._let_go(worker)
            return None

    def serves(self, worker: "_Worker") -> bool:
        """Tell whether a worker is still the one that takes charts."""
        return self._worker is worker

    def leave(self, worker: "_Worker") -> None:
        """Take a worker's end, expected or not; what waits for it is refused."""
        with self._lock:
            self._let_go(worker)

    def _let_go(self, worker: "_Worker") -> None:
        if self._worker is not worker:
            return
        self._worker = None
        while self._jobs:
            job = self._jobs.popleft()
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(ChartUnavailable(_STOPPING))


class _Worker:
    """What runs in the thread."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._limits = drawing.limits
        self._counts = drawing.counts
        self._browser: Browser | None = None
        self._has_sandbox = may_use_sandbox()
        self._loop = asyncio.new_event_loop()
        self._awake = asyncio.Event()

    @property
    def is_warm(self) -> bool:
        browser = self._browser
        return browser is not None and browser.drawn > 0 and browser.is_alive

    def wake(self) -> None:
        """Look at the queue; to be called from other threads, while this worker is the one that takes charts."""
        # The loop is closed already when the thread failed; `leave` refuses what waits then.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._awake.set)

    def run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._work())
        except Exception:
            log.exception("charts_thread_failed")
        finally:
            self._drawing.leave(self)

    async def _work(self) -> None:
        # Kaleido leaves futures behind when the browser dies; what matters of it is raised where we wait.
        self._loop.set_exception_handler(lambda _, context: log.debug("charts_loop", said=str(context.get("message"))))
        load_kaleido()
        try:
            while (job := await self._next()) is not None:
                await self._do(job)
                if self._browser is not None and self._browser.drawn >= self._limits.most_pictures:
                    await self._stop_browser()
        finally:
            await self._stop_browser()

    async def _next(self) -> _Job | None:
        """Return the next chart, or None when the thread is to end; from then on, a new chart starts a new thread."""
        idle_at = time.monotonic() + self._limits.idle
        while True:
            self._awake.clear()
            job = self._drawing.next_job(self, is_idle=time.monotonic() >= idle_at)
            if job is not None or not self._drawing.serves(self):
                return job
            if self._browser is not None and not self._browser.is_alive:
                await self._stop_browser()
            await self._sleep()

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), min(self._limits.look_around, self._limits.idle))

    async def _do(self, job: _Job) -> None:
        if not job.future.set_running_or_notify_cancel():
            return
        try:
            if time.monotonic() - job.asked_at > self._limits.in_queue:
                raise ChartUnavailable(f"it waited more than {self._limits.in_queue:g} s for others")
            picture = await self._picture(job.chart)
        except ChartUnavailable as error:
            self._counts.failures += 1
            self._drawing.last_failure = str(error)
            log.warning("chart_unavailable", reason=str(error))
            job.future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - a mistake of ours in one chart is for whoever asked, not the end of the thread
            self._counts.failures += 1
            job.future.set_exception(error)
        else:
            self._counts.pictures += 1
            self._counts.last_seconds = time.monotonic() - job.asked_at
            self._counts.seconds += self._counts.last_seconds
            job.future.set_result(picture)

    async def _picture(self, chart: Chart) -> bytes:
        """Draw; once more when the browser died meanwhile. Raises `ChartUnavailable`."""
        figure = draw(chart)
        left = self._limits.one_picture
        said = ""
        for _ in range(2):
            began = time.monotonic()
            try:
                browser = await self._ready()
                began = time.monotonic()
                return await self._limited(browser.draw(figure), left, "drawing")
            except ChartUnavailable:
                await self._stop_browser()
                raise
            except Exception as error:  # noqa: BLE001 - Kaleido raises all kinds of things when its browser dies
                left -= time.monotonic() - began
                said = _in_words(error)
                log.warning("browser_crashed", reason=said)
                self._counts.crashes += 1
                await self._stop_browser()
        raise ChartUnavailable(f"the browser failed twice: {said}")

    async def _limited(self, work: Coroutine[Any, Any, Result], seconds: float, name: str) -> Result:
        """Wait for work so long. Kaleido cancels it when the browser dies: that does not leave this function."""
        task = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._over())
        await asyncio.wait({task, over}, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not task.done():
            task.cancel()
            raise ChartUnavailable(_STOPPING if self._drawing.is_over else f"{name} took more than {seconds:.3g} s")
        if task.cancelled():
            raise _Crashed("the browser died")
        return task.result()

    async def _over(self) -> None:
        while not self._drawing.is_over:
            self._awake.clear()
            await self._sleep()

    async def _ready(self) -> Browser:
        if self._browser is not None and self._browser.is_alive:
            return self._browser
        await self._stop_browser()
        path = find_browser()
        if path is None:
            raise ChartUnavailable(why_no_browser())
        if self._has_sandbox:
            try:
                return await self._start(path, has_sandbox=True)
            except ChartUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - containers forbid it in many ways, and Kaleido raises what it likes
                log.warning("browser_without_sandbox", reason=_in_words(error))
                await self._stop_browser()
        browser = await self._start(path, has_sandbox=False)
        self._has_sandbox = False
        return browser

    async def _start(self, path: str, *, has_sandbox: bool) -> Browser:
        self._browser = browser = Browser(path, has_sandbox=has_sandbox)
        self._counts.starts += 1
        await self._limited(browser.start(), self._limits.start, "starting the browser")
        return browser

    async def _stop_browser(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None:
            await browser.stop()


def _in_words(error: Exception) -> str:
    said = " ".join(str(part) for part in error.args) or "no reason given"
    return f"{type(error).__name__}: {' '.join(said.split())[:200]}"
