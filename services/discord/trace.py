"""Counts what Discord's HTTP interface answers, below discord.py: its own waiting and repeating hides it otherwise."""

import time
from types import SimpleNamespace

import aiohttp

from util.metrics import UNKNOWN, Metrics

_TOO_MANY = 429
_SCOPES = frozenset({"user", "global", "shared"})
FAILED = "failed"
"""The status of a call that got no answer at all."""


def counting(metrics: Metrics) -> aiohttp.TraceConfig:
    """Return what to give to discord.py's client as `http_trace`."""

    async def began(
        session: aiohttp.ClientSession, context: SimpleNamespace, parameters: aiohttp.TraceRequestStartParams
    ) -> None:
        context.began = time.perf_counter()

    async def ended(session: aiohttp.ClientSession, context: SimpleNamespace, parameters: aiohttp.TraceRequestEndParams) -> None:
        response = parameters.response
        if response.status == _TOO_MANY:
            # Discord names whose limit it is; Cloudflare, which bans whole addresses, does not.
            scope = response.headers.get("X-RateLimit-Scope", "")
            metrics.rate_limits.labels(scope if scope in _SCOPES else UNKNOWN).inc()
            metrics.discord_responses.labels(str(_TOO_MANY)).inc()
        else:
            metrics.discord_responses.labels(f"{response.status // 100}xx").inc()
        metrics.discord_seconds.observe(time.perf_counter() - context.began)

    async def failed(
        session: aiohttp.ClientSession, context: SimpleNamespace, parameters: aiohttp.TraceRequestExceptionParams
    ) -> None:
        metrics.discord_responses.labels(FAILED).inc()

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(began)
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace
