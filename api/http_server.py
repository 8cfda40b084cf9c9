"""uvicorn's server with our application: a module of its own, for what it imports takes as long as the rest of the bot."""

import contextlib
from collections.abc import Generator

import uvicorn
from fastapi import FastAPI

from api.application import make_api
from api.http_protocol import JsonProtocol
from facades.app import App

PATIENCE_AT_THE_END = 4
"""Seconds that calls in flight may take when the bot stops."""


class HttpServer(uvicorn.Server):
    """uvicorn's server; signals are the program's own business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals alone."""
        yield


def make_server(app: App) -> tuple[HttpServer, FastAPI]:
    """Make the server and the application that it serves."""
    application = make_api(app)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        http=JsonProtocol,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE_AT_THE_END,
    )
    return HttpServer(config), application
