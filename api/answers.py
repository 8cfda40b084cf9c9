"""What the API answers when something is wrong: always JSON, with a short code and a sentence for people."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from config.guild_settings import GuildSettings
from util.errors import BadInput, Conflict, Forbidden, NotFound, Refused, Unavailable, UserError
from util.phrases import Phrase
from util.texts import Text

RETRY_AFTER = 30
"""Seconds after which asking again makes sense when an outside system is down."""
_STATUS: tuple[tuple[type[UserError], int], ...] = (
    (BadInput, 422),
    (NotFound, 404),
    (Conflict, 409),
    (Refused, 409),
    (Forbidden, 403),
    (Unavailable, 503),
)


def error_answer(
    status: int,
    code: str,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """Make the answer."""
    return JSONResponse({"error": code, "message": message, **more}, status, headers=dict(headers or {}))


def user_error_answer(error: UserError, settings: GuildSettings, language: str) -> JSONResponse:
    """Make the answer for something that was refused; the code is the text's key."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
    headers = {"Retry-After": str(RETRY_AFTER)} if status == 503 else {}
    return error_answer(status, error.phrase.key.value, settings.label(error.phrase, language), headers=headers)


class ApiError(Exception):
    """A refusal by HTTP itself, before anybody's rules are asked."""

    def __init__(self, status: int, code: str, said: Text | Phrase, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.said = said
        self.headers = dict(headers or {})

    def answer(self, settings: GuildSettings, language: str) -> JSONResponse:
        """Make the answer."""
        return error_answer(self.status, self.code, settings.label(self.said, language), headers=self.headers)
