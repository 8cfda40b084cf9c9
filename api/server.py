"""The HTTP server, a part of the bot's process and loop."""

import asyncio
import contextlib
import importlib
import socket
from typing import TYPE_CHECKING

import structlog

from facades.app import App
from facades.panel.listening import CannotListen, open_listening_socket

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.http_server import HttpServer

__all__ = ["ApiServer", "CannotListen"]

log = structlog.get_logger()
PATIENCE_AT_THE_END = 5
"""Seconds that the server may take to end: calls in flight have a second less."""


class ApiServer:
    """Listens from `open` on, answers while `run` runs, and ends in order after `stop`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.application: FastAPI | None = None
        self._socket: socket.socket | None = None
        self._server: HttpServer | None = None
        self._ended = asyncio.Event()
        self.address: str | None = None
        """Where it listens, as in `http://127.0.0.1:5000`; None while it does not."""

    async def prepare(self) -> None:
        """Import what serving takes, beside everything else; without it, `open` does so and holds everything up."""
        await asyncio.to_thread(importlib.import_module, "api.http_server")

    def open(self) -> str:
        """Begin to listen and return the address. Raises `CannotListen`."""
        self._socket, self.address = open_listening_socket(self._app)
        # Imported here: most bots have no Control Panel and need none of it.
        from api.http_server import make_server

        self._server, self.application = make_server(self._app)
        log.info("listening", address=self.address)
        return self.address

    async def run(self) -> None:
        """Answer calls until stopped."""
        server, opened, ended = self._server, self._socket, self._ended
        assert server is not None
        assert opened is not None
        try:
            await server.serve(sockets=[opened])
        finally:
            opened.close()
            ended.set()

    async def stop(self) -> None:
        """Take no more calls and wait for those in flight, at most for some seconds. It may be opened anew afterwards."""
        if self._server is None:
            return
        ended, self._ended = self._ended, asyncio.Event()
        self._server.should_exit = True
        self._server = self._socket = self.address = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_AT_THE_END):
                await ended.wait()
