"""A Geometry Dash server on loopback that speaks the real wire format and fails on demand."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from sandbox.geometry_dash import catalogue
from sandbox.geometry_dash.faults import REFUSAL, Fault, Faults, Kind
from sandbox.geometry_dash.levels import Difficulty, Epic, Level
from sandbox.geometry_dash.wire import NOTHING_FOUND, write_answer

PATH: Final = "/database/getGJLevels21.php"
SECRET: Final = "Wmfd2893gb7"
_PAGES_OF_TEN = "19"
_LIST = "26"
_PAGE_SIZE = 10
_LIST_SIZE = 100
_ORDINARY_LEVELS = 200
_SHUTDOWN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Call:
    """One call the server got: when (seconds of `time.monotonic`), what it asked for, and what it said of itself."""

    at: float
    level_ids: tuple[int, ...]
    search_type: str
    page: int
    user_agent: str | None
    form: dict[str, str]


class SandboxGeometryDash:
    """Serves the catalogue (or the levels given) on 127.0.0.1.

    `faults` makes it fail, `calls` records every call that reached it, refused ones included.
    """

    def __init__(self, levels: Iterable[Level] | None = None) -> None:
        known = (*catalogue.ALL, *catalogue.ordinary(_ORDINARY_LEVELS)) if levels is None else levels
        self.levels: dict[int, Level] = {level.id: level for level in known}
        self.faults = Faults()
        self.calls: list[Call] = []
        self._called = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._base_url: str | None = None

    @property
    def base_url(self) -> str:
        """The address to give to a client. Raises `RuntimeError` before the start."""
        if self._base_url is None:
            raise RuntimeError("the server has not been started")
        return self._base_url

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one."""
        app = web.Application()
        app.router.add_post(PATH, self._get_levels)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self._base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let go of held calls and stop listening."""
        self.faults.release()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def add_level(self, level: Level) -> None:
        """Upload a level, in place of one with the same id."""
        self.levels[level.id] = level

    def remove_level(self, level_id: int) -> None:
        """Delete a level. Raises `KeyError` when there is none."""
        del self.levels[level_id]

    def rate(
        self,
        level_id: int,
        *,
        stars: int,
        feature_score: int = 0,
        epic: Epic = Epic.NONE,
        difficulty: Difficulty | None = None,
    ) -> None:
        """Rate a level as a moderator of the game would (0 stars take the rating away). Raises `KeyError` when there is none."""
        level = self.levels[level_id]
        self.levels[level_id] = replace(
            level, stars=stars, feature_score=feature_score, epic=epic, difficulty=difficulty or level.difficulty
        )

    async def wait_for_calls(self, count: int) -> None:
        """Wait until at least `count` calls have come in."""
        async with self._called:
            await self._called.wait_for(lambda: len(self.calls) >= count)

    async def _get_levels(self, request: web.Request) -> web.StreamResponse:
        form = {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
        call = Call(
            at=time.monotonic(),
            level_ids=_read_ids(form.get("str", "")),
            search_type=form.get("type", ""),
            page=_read_page(form),
            user_agent=request.headers.get("User-Agent"),
            form=form,
        )
        async with self._called:
            self.calls.append(call)
            self._called.notify_all()
        if call.user_agent:
            return _respond(REFUSAL, status=403)
        fault = self.faults.take()
        if fault is not None:
            return await self._fail(fault, call, request)
        return _respond(self._answer(call))

    def _answer(self, call: Call) -> str:
        if call.form.get("secret") != SECRET:
            return NOTHING_FOUND
        if call.search_type == _PAGES_OF_TEN:
            size, page = _PAGE_SIZE, call.page
        elif call.search_type == _LIST:
            size, page = _LIST_SIZE, 0
        else:
            return NOTHING_FOUND
        found = [self.levels[level_id] for level_id in sorted(set(call.level_ids)) if level_id in self.levels]
        offset = page * size
        return write_answer(found[offset : offset + size], total=len(found), offset=offset, amount=size)

    async def _fail(self, fault: Fault, call: Call, request: web.Request) -> web.StreamResponse:
        match fault.kind:
            case Kind.SLOW | Kind.HANG:
                await _wait(fault)
                return _respond(self._answer(call))
            case Kind.REPLACE:
                return _respond(fault.body, status=fault.status)
            case Kind.TRUNCATE:
                answer = self._answer(call)
                return _respond(answer[: len(answer) // 2])
            case Kind.WRONG_IDS:
                others = [level for level in self.levels.values() if level.id not in call.level_ids][: len(call.level_ids)]
                return _respond(write_answer(others, total=len(others), offset=0, amount=_PAGE_SIZE))
            case Kind.DROP:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()


async def _wait(fault: Fault) -> None:
    try:
        async with asyncio.timeout(fault.seconds):
            await fault.released.wait()
    except TimeoutError:
        return


def _read_ids(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part.isascii() and part.isdecimal())


def _read_page(form: dict[str, str]) -> int:
    page = form.get("page", "0")
    return int(page) if page.isascii() and page.isdecimal() else 0


def _respond(body: str, *, status: int = 200) -> web.Response:
    return web.Response(text=body, status=status, content_type="text/html")
