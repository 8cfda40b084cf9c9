"""How answers to interactions reach Discord: where the reply to a call is lost, the call is made again, and once is enough.

discord.py gives up when a connection breaks, waits too long after a 5xx for the three seconds of a first answer, and takes
"already acknowledged" for a refusal, also where its own lost call was the one that acknowledged.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Final, cast

import aiohttp
import discord
import structlog
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = structlog.get_logger()

PAUSES: Final = (0.05, 0.4)
"""Seconds before each further attempt."""
FIRST_WITHIN = 2.0
"""Seconds after which the reply to a first answer is taken for lost; Discord takes one for three seconds."""
WITHIN = 20.0
"""The same for what comes later."""
UPLOADED_WITHIN: Final = 120.0
"""The same for what has files."""
NOT_REACHED: Final = (aiohttp.ClientError, OSError)
"""What is raised when Discord is not reached, or its reply not received; a time-out is an `OSError`."""

_FIRST: Final = "/interactions/{webhook_id}/{webhook_token}/callback"
_ACKNOWLEDGED, _NO_MESSAGE = 40060, 10008
_EPHEMERAL: Final = 64


class ServerFailed(aiohttp.ClientError):
    """Discord has answered 5xx: the call may be done or not."""


def use_persistent_answers() -> None:
    """Let what the task at hand answers to interactions, and what it starts, be sent by `PersistentAnswers`."""
    async_context.set(_ANSWERS)


class PersistentAnswers(AsyncWebhookAdapter):
    """Sends answers until a reply comes, some times, where doing so twice is no harm."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        payload: dict[str, Any] | None = None,
        multipart: list[dict[str, Any]] | None = None,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        files: Sequence[discord.File] | None = None,
        reason: str | None = None,
        auth_token: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> Any:
        """Make a call. Raises `discord.HTTPException` when Discord refuses, one of `NOT_REACHED` when it is not reached."""
        watched = _Watched(session, is_first=route.path == _FIRST, has_files=bool(files))
        pauses = PAUSES if _may_repeat(route, payload) else ()
        for pause in (*pauses, None):
            try:
                return await super().request(
                    route,
                    cast("aiohttp.ClientSession", watched),
                    payload=payload,
                    multipart=multipart,
                    proxy=proxy,
                    proxy_auth=proxy_auth,
                    files=files,
                    reason=reason,
                    auth_token=auth_token,
                    params=params,
                )
            except discord.HTTPException as refusal:
                if watched.lost and _says_done(route, refusal):
                    return _stand_in(route)
                raise
            except NOT_REACHED as error:
                if pause is None:
                    raise
                log.info("answer_repeated", method=route.method, reason=type(error).__name__)
                for file in files or ():
                    file.reset(seek=True)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")


_ANSWERS: Final = PersistentAnswers()


class _Watched:
    """A session that remembers whether the effect of a call is unknown (`lost`), and waits no longer than makes sense."""

    def __init__(self, session: aiohttp.ClientSession, *, is_first: bool, has_files: bool) -> None:
        self.lost = False
        self._session = session
        self._is_first = is_first
        self._limit = aiohttp.ClientTimeout(UPLOADED_WITHIN if has_files else FIRST_WITHIN if is_first else WITHIN)

    @contextlib.asynccontextmanager
    async def request(self, method: str, url: str, **options: Any) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Make a call as a session does."""
        try:
            async with self._session.request(method, url, timeout=self._limit, **options) as response:
                if response.status >= 500:
                    self.lost = True
                    if self._is_first:
                        raise ServerFailed(f"Discord has answered {response.status}")
                yield response
        except NOT_REACHED:
            self.lost = True
            raise


def _may_repeat(route: Route, payload: dict[str, Any] | None) -> bool:
    """Tell whether a call may be made twice: not where that could post a message twice that others see."""
    if route.method != "POST" or route.path == _FIRST:
        return True
    return payload is not None and bool(payload.get("flags", 0) & _EPHEMERAL)


def _says_done(route: Route, refusal: discord.HTTPException) -> bool:
    """Tell whether a call is refused because it is done already."""
    if route.path == _FIRST:
        return refusal.code == _ACKNOWLEDGED
    return route.method == "DELETE" and refusal.code == _NO_MESSAGE


def _stand_in(route: Route) -> dict[str, Any] | None:
    """Return what the library needs of the reply that was lost."""
    return {"interaction": {"id": route.webhook_id}} if route.path == _FIRST else None
