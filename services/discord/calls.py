"""One call to Discord's HTTP interface: through discord.py's rate limiting, with a time limit, with our own errors."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
from discord.http import Route

from services.discord.errors import DiscordError, DiscordForbidden, DiscordGone, DiscordRefused, DiscordUnavailable

TIME_LIMIT = 20.0
"""Seconds for a call with all that discord.py does inside it: waiting for its turn, and repeating after an HTTP 5xx."""


class Caller:
    """Makes calls with the client's session and token."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._client: discord.Client | None = None
        self.may_act: Callable[[], bool] = lambda: True
        """Whether this process may change anything on Discord now."""

    def attach(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self._client = client

    @property
    def client(self) -> discord.Client:
        """The client. Raises `DiscordUnavailable` when there is none or it is closed."""
        if self._client is None or self._client.is_closed():
            raise DiscordUnavailable("the client is not connected")
        return self._client

    @property
    def own_id(self) -> int:
        """The bot's user id. Raises `DiscordUnavailable` before the login."""
        user = self.client.user
        if user is None:
            raise DiscordUnavailable("the client has not logged in")
        return user.id

    @property
    def application_id(self) -> int:
        """The application's id. Raises `DiscordUnavailable` before the login."""
        found = self.client.application_id
        if found is None:
            raise DiscordUnavailable("the client has not logged in")
        return found

    async def __call__(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Any = None,
        reason: str | None = None,
        more_time: float = 0.0,
        **values: Any,
    ) -> Any:
        """Make a call and return its JSON answer.

        `form`: fields of a multipart form in place of a JSON body. `values` fill the path; `params` among them is the query.
        `more_time`: seconds beyond the usual limit, for what is large.
        Raises the errors of `services.discord.errors`.
        """
        if not self.may_act():
            raise DiscordUnavailable("another process may be acting in this one's place")
        http = self.client.http
        options: dict[str, Any] = {} if body is None else {"json": body}
        if form:
            options["form"] = form
        if reason:
            options["reason"] = reason
        if params := values.pop("params", None):
            options["params"] = params
        try:
            async with asyncio.timeout(self.time_limit + more_time):
                return await http.request(Route(method, path, **values), **options)
        except asyncio.CancelledError:
            _release_global_limit(http)
            raise
        except Exception as error:
            if isinstance(error, TimeoutError):
                _release_global_limit(http)
            raise _own_error(error, f"{method} {path}") from error


def _release_global_limit(http: Any) -> None:
    # discord.py holds all calls while it sleeps through a global limit and never lets go when that sleep is cancelled. Letting
    # go too early costs at most another 429.
    held = http._global_over
    if isinstance(held, asyncio.Event):
        held.set()


def _own_error(error: Exception, what: str) -> Exception:
    """Return our own error for one of discord.py or aiohttp; any other is a mistake of ours and stays as it is."""
    match error:
        case DiscordError():
            return error
        case discord.HTTPException():
            return _of_status(error, what)
        case TimeoutError():
            return DiscordUnavailable(f"{what}: no answer in time")
        case discord.DiscordException() | aiohttp.ClientError() | OSError():
            return DiscordUnavailable(f"{what}: {type(error).__name__}")
        case RuntimeError() if "closed" in str(error).lower():
            return DiscordUnavailable(f"{what}: the session is closed")
        case AttributeError() if "_MissingSentinel" in str(error):
            return DiscordUnavailable(f"{what}: the client has not logged in")
        case _:
            return error


def _of_status(error: discord.HTTPException, what: str) -> DiscordError:
    kinds: dict[int, type[DiscordError]] = {403: DiscordForbidden, 404: DiscordGone}
    if error.status == 429 or error.status >= 500 or error.status == 401:
        kind: type[DiscordError] = DiscordUnavailable
    else:
        kind = kinds.get(error.status, DiscordRefused)
    return kind(f"{what}: {error.status} {error.text}"[:400], status=error.status, code=error.code)
