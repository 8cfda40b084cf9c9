"""The HTTP server, a part of the bot's process and loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import structlog
import uvicorn
from fastapi import FastAPI

from api.application import make_api
from facades.app import App
from facades.panel.listening import CannotListen, open_listening_socket

__all__ = ["ApiServer", "CannotListen"]

log = structlog.get_logger()
PATIENCE_AT_THE_END = 4
"""Seconds that calls in flight may take when the bot stops."""
MOST_CONNECTIONS = 200


class _Server(uvicorn.Server):
    """uvicorn's server; signals are the program's own business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals alone."""
        yield


class ApiServer:
    """Listens from `open` on, answers while `run` runs, and ends in order after `stop`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.application: FastAPI | None = None
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._ended = asyncio.Event()
        self.address: str | None = None
        """Where it listens, as in `http://127.0.0.1:5000`; None while it does not."""

    def open(self) -> str:
        """Begin to listen and return the address. Raises `CannotListen`."""
        self._socket, self.address = open_listening_socket(self._app)
        self.application = make_api(self._app)
        config = uvicorn.Config(
            self.application,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=PATIENCE_AT_THE_END,
        )
        self._server = _Server(config)
        log.info("listening", address=self.address)
        return self.address

    async def run(self) -> None:
        """Answer calls until stopped."""
        assert self._server is not None
        assert self._socket is not None
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._socket.close()
            self._ended.set()

    async def stop(self) -> None:
        """Take no more calls and wait for those in flight, at most for some seconds."""
        if self._server is None:
            return
        self._server.should_exit = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_AT_THE_END + 1):
                await self._ended.wait()
