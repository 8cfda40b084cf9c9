"""The REST side: reading requests, faults and hooks around them, rate limits, answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from .calls import Call, Reply, Route, RouteTable
from .errors import ApiError, invalid_field, method_not_allowed, not_found, unauthorized
from .faults import Fault, FaultKind, Faults
from .routes import ROUTES
from .rules.messages import Upload
from .world import World

PREFIXES = ("/api/v10", "/api/v9", "/api")
Hook = Callable[[int, str, str, str, Any], Awaitable[None] | None]
Watcher = Callable[["Recorded", float], None]


@dataclass
class Recorded:
    """One request as it came in, and the status it was answered with (None: not answered)."""

    index: int
    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: list[str]
    status: int | None = None
    effect: bool = False


@dataclass
class _Bucket:
    ends: float
    used: int = 0


class Rest:
    """Answers Discord's REST API."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._table = RouteTable(ROUTES)
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self.requests: list[Recorded] = []
        self.kept: int | None = None
        self._count = 0
        self.hooks: list[Hook] = []
        self.watchers: list[Watcher] = []

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one HTTP request."""
        path = request.path
        for prefix in PREFIXES:
            if path.startswith(prefix):
                path = path[len(prefix) :]
                break
        raw_path = unquote(path)
        try:
            call = await _read(self._world, request, raw_path)
        except ApiError as error:
            return _json(error.status, error.body())
        record = Recorded(self._count, request.method, raw_path, call.query, call.body, [item.filename for item in call.uploads])
        self._keep(record)
        started = time.monotonic()
        response = await self._answer(request, call, record)
        record.status = None if response is None else response.status
        for watcher in self.watchers:
            watcher(record, time.monotonic() - started)
        if response is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=502)
        return response

    def _keep(self, record: Recorded) -> None:
        self._count += 1
        self.requests.append(record)
        if self.kept is not None and len(self.requests) > 2 * self.kept:
            del self.requests[: -self.kept or None]

    async def _answer(self, request: web.BaseRequest, call: Call, record: Recorded) -> web.Response | None:
        latency = self._faults.latency(call.method, call.path)
        if latency:
            await asyncio.sleep(latency)
        await self._hook(record, "before")
        fault = self._faults.take(call.method, call.path)
        if fault is not None and fault.kind is FaultKind.SILENCE:
            return await self._silence(fault)
        early = _early(fault)
        if early is not None or (fault is not None and fault.kind is FaultKind.DROP):
            return early
        headers: dict[str, str] = {}
        try:
            route, call.ids = self._route(call)
            call.caller = self._caller(request)
            headers = self._limit(route, call)
            result = route.handler(call)
            if isawaitable(result):
                result = await result
            response = _success(result, headers)
            record.effect = True
        except _Limited as limited:
            return limited.response
        except ApiError as error:
            response = _json(error.status, error.body(), headers)
        self._world.notify()
        await self._hook(record, "after")
        if fault is not None and fault.kind is FaultKind.SILENCE_AFTER:
            return await self._silence(fault)
        if fault is not None and fault.kind is FaultKind.LOST_REPLY:
            return None
        if fault is not None and fault.kind is FaultKind.LOST_REPLY_502:
            return web.Response(status=502, text="Bad Gateway")
        return response

    async def _silence(self, fault: Fault) -> None:
        self._world.notify()
        await fault.released.wait()

    async def _hook(self, record: Recorded, phase: str) -> None:
        for hook in self.hooks:
            result = hook(record.index, phase, record.method, record.path, record.body)
            if result is not None:
                await result

    def _route(self, call: Call) -> tuple[Route, dict[str, str]]:
        found = self._table.find(call.method, call.path)
        if found is None:
            raise not_found()
        if isinstance(found, str):
            raise method_not_allowed()
        return found

    def _caller(self, request: web.BaseRequest) -> Any:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        application = self._world.tokens.get(header.removeprefix("Bot "))
        if application is None:
            raise unauthorized()
        return application

    def _limit(self, route: Route, call: Call) -> dict[str, str]:
        timing = self._world.timing
        major = next((call.ids[key] for key in ("channel_id", "guild_id", "token") if key in call.ids), "")
        key = (str(call.caller.id) if call.caller else "", f"{route.method}{route.template}", major)
        now = self._world.clock()
        bucket = self._buckets.get(key)
        if bucket is None or bucket.ends <= now:
            if len(self._buckets) > 2000:
                self._buckets = {name: item for name, item in self._buckets.items() if item.ends > now}
            bucket = self._buckets[key] = _Bucket(now + timing.rate_window)
        after = max(bucket.ends - now, 0.001)
        headers = {
            "X-RateLimit-Limit": str(timing.rate_limit),
            "X-RateLimit-Remaining": str(max(timing.rate_limit - bucket.used - 1, 0)),
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Bucket": f"{hash(key[1]) & 0xFFFFFFFFFFFF:012x}",
        }
        if bucket.used >= timing.rate_limit:
            raise _Limited(_too_many(after, "user", everywhere=False, headers=headers))
        bucket.used += 1
        return headers


class _Limited(Exception):
    def __init__(self, response: web.Response) -> None:
        super().__init__()
        self.response = response


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py parses JSON only when the type stands there without a charset.
    raw = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(status=status, body=raw, headers={"Content-Type": "application/json", **(headers or {})})


def _success(result: Any, headers: dict[str, str]) -> web.Response:
    if isinstance(result, web.Response):
        return result
    if isinstance(result, Reply):
        return _json(result.status, result.body, headers)
    if result is None:
        return web.Response(status=204, headers=headers)
    return _json(200, result, headers)


def _too_many(retry_after: float, scope: str, *, everywhere: bool, headers: dict[str, str] | None = None) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
    extra = {"Via": "1.1 google", "Retry-After": str(max(1, round(retry_after))), "X-RateLimit-Scope": scope, **(headers or {})}
    if everywhere:
        extra |= {"X-RateLimit-Global": "true"}
    return _json(429, body, extra)


def _early(fault: Fault | None) -> web.Response | None:
    if fault is None:
        return None
    if fault.kind is FaultKind.RATE_LIMIT:
        scope = "global" if fault.everywhere else "user"
        return _too_many(fault.retry_after, scope, everywhere=fault.everywhere)
    if fault.kind is FaultKind.STATUS:
        return _json(fault.status, {"message": f"{fault.status}: Internal Server Error", "code": 0})
    return None


async def _read(world: World, request: web.BaseRequest, path: str) -> Call:
    call = Call(world, request.method, path, dict(request.query))
    kind = request.content_type
    if kind == "multipart/form-data":
        await _read_parts(request, call)
    elif request.can_read_body:
        raw = await request.content.read()
        if raw and kind != "application/json":
            raise ApiError(400, 50109, "The request body contains invalid JSON.")
        call.body = _parse(raw) if raw else None
    return call


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None


async def _pieces(part: BodyPartReader) -> AsyncGenerator[bytes]:
    while piece := await part.read_chunk(1 << 16):
        yield bytes(piece)


async def _read_parts(request: web.BaseRequest, call: Call) -> None:
    reader = await request.multipart()
    while True:
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader):
            raise invalid_field(("files",), "BASE_TYPE_BAD", "Nested parts are not understood.")
        # In pieces: the limit of reading at once is far below that of Discord's files.
        data = b"".join([piece async for piece in _pieces(part)])
        name = part.name or ""
        if name == "payload_json":
            call.body = _parse(data)
        elif name.startswith("files["):
            filename = part.filename or "unknown"
            call.uploads.append(Upload(name[6:-1], filename, data, "application/octet-stream"))
