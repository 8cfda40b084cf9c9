"""The page's server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.discord import SandboxDiscord, SandboxGuild
from sandbox.geometry_dash import SandboxGeometryDash

from . import guards
from .backlog import BacklogSource
from .connection import LONGEST_REQUEST, Connection
from .controls import BotControl, Controls
from .files import attachment, prepared, receive_upload, static_file
from .seat import House
from .traffic import Traffic

USUAL_PORT: Final = 8765
HOST: Final = "127.0.0.1"
_GATHER: Final = 0.02
_GATHER_TRAFFIC: Final = 0.1
_ASK_EVERY: Final = 1.0


class PageServer:
    """Serves the page of one guild. Leave `game`, `bot` and `backlog` out where there is none."""

    def __init__(
        self,
        discord: SandboxDiscord,
        guild: SandboxGuild,
        *,
        cast: Mapping[int, str] | None = None,
        game: SandboxGeometryDash | None = None,
        bot: BotControl | None = None,
        backlog: BacklogSource | None = None,
        marks: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:
        self._house = House(discord, guild, cast or {}, Controls(discord, game, bot))
        self._house.restore_marks(marks or {})
        self._traffic = Traffic(discord, self._traffic_came)
        self._backlog = backlog
        self._connections: set[Connection] = set()
        self._looking: asyncio.TimerHandle | None = None
        self._telling: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._hosts: frozenset[str] = frozenset()
        self.address = ""
        discord.on_change(self._something_changed)

    @property
    def marks(self) -> dict[str, dict[str, int]]:
        """Up to where everybody has read, for the next run's `marks`."""
        return self._house.marks()

    @property
    def connected(self) -> int:
        """How many pages are connected."""
        return len(self._connections)

    async def start(self, port: int = USUAL_PORT, *, or_another: bool = True) -> str:
        """Listen and return the address. Raises `OSError` when the port is taken and no other will do."""
        runner = web.AppRunner(self._app(), access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError:
            if not or_another:
                raise
            await web.TCPSite(runner, HOST, 0).start()
        taken = int(runner.addresses[0][1])
        self._hosts = guards.own_hosts(taken)
        self.address = f"http://{HOST}:{taken}"
        if self._backlog is not None:
            self._asking = asyncio.create_task(self._ask(self._backlog))
        return self.address

    async def stop(self) -> None:
        """Tell every page, and stop listening."""
        if self._asking is not None:
            self._asking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._asking
        for handle in (self._looking, self._telling):
            if handle is not None:
                handle.cancel()
        await asyncio.gather(*(connection.close() for connection in list(self._connections)))
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{name:.+}", self._static)
        app.router.add_get("/ws", self._socket)
        app.router.add_post("/upload", self._upload)
        app.router.add_get("/uploads/{upload_id}", self._prepared)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._attachment)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            guards.check(request, self._hosts)
            response = await handler(request)
        except web.HTTPException as refused:
            guards.protect(refused, self._hosts)
            raise
        if not response.prepared:
            guards.protect(response, self._hosts)
        return response

    async def _index(self, _request: web.Request) -> web.Response:
        return static_file("index.html")

    async def _static(self, request: web.Request) -> web.Response:
        return static_file(request.match_info["name"])

    async def _upload(self, request: web.Request) -> web.Response:
        return await receive_upload(self._house.uploads, request)

    async def _prepared(self, request: web.Request) -> web.Response:
        return prepared(self._house.uploads, request)

    async def _attachment(self, request: web.Request) -> web.Response:
        return attachment(self._house.discord.world, request)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=LONGEST_REQUEST, heartbeat=20.0, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request.transport, self._house, self._traffic)
        self._connections.add(connection)
        try:
            await connection.serve()
        finally:
            self._connections.discard(connection)
        return socket

    # News

    def _something_changed(self) -> None:
        if self._looking is None and self._connections:
            # Many changes come together; the pages look once.
            self._looking = asyncio.get_running_loop().call_later(_GATHER, self._look)

    def _look(self) -> None:
        self._looking = None
        for connection in self._connections:
            connection.look()

    def _traffic_came(self) -> None:
        if self._telling is None and self._connections:
            self._telling = asyncio.get_running_loop().call_later(_GATHER_TRAFFIC, self._tell)

    def _tell(self) -> None:
        self._telling = None
        for connection in self._connections:
            connection.look_at_traffic()

    async def _ask(self, source: BacklogSource) -> None:
        while True:
            if self._connections:
                found = await source()
                if found != self._house.backlog:
                    self._house.backlog = found
                    self._something_changed()
            await asyncio.sleep(_ASK_EVERY)
