"""The way of every call of the Control Panel: token, body, action; whatever goes wrong is answered here in JSON."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from api.answers import ApiError, error_answer, user_error_answer
from api.state import ApiState, state_of
from config.guild_settings import GuildSettings
from config.texts import FALLBACK_LANGUAGE
from facades.operations.report_error import report_error
from facades.panel.panel_caller import PanelCaller, find_panel_caller
from util.errors import UserError
from util.phrases import phrase
from util.texts import Text

LARGEST_BODY = 256 * 1024
PATIENCE = 20.0
"""Seconds in which a body must have come."""
NOWHERE = GuildSettings(guild_id=0)
MESSAGES = "/message/"
"""Where the paths begin that post what was sent, with pings."""


class GuardedRoute(APIRoute):
    """A route that asks for the token before it reads anything else, and never lets an error past."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return the handler with the guard around it."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            caller: PanelCaller | None = None
            try:
                caller = await authenticate(request)
                request.state.caller = caller
                check_pace(state_of(request), caller, posts=self.path.startswith(MESSAGES))
                return await handle(await with_body(request))
            except Exception as error:  # noqa: BLE001 - the boundary: nothing may pass it
                return await answer_error(request, caller, self.path, error)

        return guarded


async def authenticate(request: Request) -> PanelCaller:
    """Return for whom the token in `x-key` speaks. Raises `ApiError` or `UserError`."""
    state = state_of(request)
    address = state.addresses.of(request)
    wait = state.attempts.seconds_to_wait(address)
    if wait:
        said = phrase(Text.PANEL_ERROR_ATTEMPTS, seconds=wait)
        raise ApiError(429, "too_many_attempts", said, {"Retry-After": str(wait)})
    caller = await find_panel_caller(state.app, token=request.headers.get("x-key", ""))
    if caller is None:
        state.attempts.note(address)
        raise ApiError(401, "wrong_token", Text.PANEL_ERROR_TOKEN, {"WWW-Authenticate": "ApiKey"})
    return caller


def check_pace(state: ApiState, caller: PanelCaller, *, posts: bool) -> None:
    """Count a call with a right token; `posts`: it posts a message. Raises `ApiError` when there were too many."""
    server = f"server {caller.guild_id}"
    limits = [state.calls, state.messages] if posts else [state.calls]
    wait = max(limit.seconds_to_wait(server) for limit in limits)
    if wait:
        raise ApiError(429, "too_many_calls", phrase(Text.PANEL_ERROR_CALLS, seconds=wait), {"Retry-After": str(wait)})
    for limit in limits:
        limit.note(server)


async def with_body(request: Request) -> Request:
    """Return the same request with its body read, within limits of size and time. Raises `ApiError`."""
    too_large = ApiError(413, "body_too_large", phrase(Text.PANEL_ERROR_TOO_LARGE, most=LARGEST_BODY), {"Connection": "close"})
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > LARGEST_BODY:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise too_large
    except TimeoutError as error:
        raise ApiError(408, "body_too_slow", Text.PANEL_ERROR_SLOW, {"Connection": "close"}) from error

    async def replay() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, replay)


async def answer_error(request: Request, caller: PanelCaller | None, path: str, error: Exception) -> Response:
    """Say what went wrong in the guild's language; of what is our own fault only an id, and maintainers get the details."""
    app = state_of(request).app
    settings = NOWHERE if caller is None else await app.guild(caller.guild_id)
    language = FALLBACK_LANGUAGE if caller is None else settings.language
    match error:
        case ApiError():
            return error.answer(settings, language)
        case UserError():
            return user_error_answer(error, settings, language)
        case RequestValidationError():
            return _validation_answer(error, settings, language)
        case ClientDisconnect():
            # Nobody is left to read this; in the log it stands for a body that did not come.
            return error_answer(400, "body_cut_off", settings.label(Text.PANEL_ERROR_SLOW, language))
        case HTTPException():
            # What the framework says of a body that no parser can read.
            return error_answer(422, "invalid_body", settings.label(Text.PANEL_ERROR_BODY, language), problems=[])
        case _:
            return await internal_answer(request, caller, path, error)


async def internal_answer(request: Request, caller: PanelCaller | None, path: str, error: Exception) -> JSONResponse:
    """Report an error of ours and answer its id."""
    app = state_of(request).app
    error_id = await report_error(
        app,
        error,
        where=f"api:{path}",
        guild_id=caller.guild_id if caller else None,
        user_id=caller.issuer_id if caller else None,
        options={},
    )
    said = NOWHERE.label(Text.ERROR_INTERNAL, FALLBACK_LANGUAGE, error_id=error_id)
    return error_answer(500, "internal", said, error_id=error_id)


def _validation_answer(error: RequestValidationError, settings: GuildSettings, language: str) -> JSONResponse:
    """Say which parts of a body do not fit, without repeating what was sent."""
    problems: list[dict[str, Any]] = [
        {"where": ".".join(map(str, item["loc"]))[:200], "problem": str(item["msg"])[:200]} for item in error.errors()[:20]
    ]
    return error_answer(422, "invalid_body", settings.label(Text.PANEL_ERROR_BODY, language), problems=problems)
