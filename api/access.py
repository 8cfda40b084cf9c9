"""One line in the log for each call, without token and body; and the last net for errors."""

import secrets
import time

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.guarded_route import internal_answer
from api.state import state_of
from util.metrics import UNKNOWN

log = structlog.get_logger()
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by programs."""
LONGEST_PATH = 100
LONGEST_METHOD = 20
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class AccessLog:
    """Logs every call with its outcome, its duration and, once the token is known, its guild."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        structlog.contextvars.bind_contextvars(http_request=secrets.token_hex(4))
        try:
            await self._app(scope, receive, watch)
        except Exception as error:  # noqa: BLE001 - the server behind us would log the error with what was sent
            request = Request(scope)
            answer = await internal_answer(request, None, scope["path"][:LONGEST_PATH], error)
            if not status:
                await answer(scope, receive, watch)
        finally:
            _write(scope, status, time.perf_counter() - began)
            _count(scope, status, time.perf_counter() - began)


def _count(scope: Scope, status: int, seconds: float) -> None:
    """Count a call by the template of its path: paths themselves are for callers to choose."""
    metrics = state_of(Request(scope)).app.metrics
    path = getattr(scope.get("route"), "path", UNKNOWN)
    method = scope["method"] if scope["method"] in METHODS else UNKNOWN
    metrics.requests.labels(method, path, str(status)).inc()
    metrics.request_seconds.labels(method, path).observe(seconds)


def _write(scope: Scope, status: int, seconds: float) -> None:
    caller = scope.get("state", {}).get("caller")
    path = scope["path"]
    log.log(
        10 if path in QUIET else 20,
        "http_request",
        method=scope["method"][:LONGEST_METHOD],
        path=path[:LONGEST_PATH],
        status=status,
        ms=round(seconds * 1000),
        client=state_of(Request(scope)).addresses.of(Request(scope)),
        guild=None if caller is None else caller.guild_id,
    )
