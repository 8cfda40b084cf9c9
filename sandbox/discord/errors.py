"""Refusals in the form in which Discord's API gives them, and those of a member's client."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refused request: HTTP status, JSON error code, message and field errors."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        """Return the JSON body of the refusal."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


class Reason(StrEnum):
    """Why a member's client lets something not through."""

    # A value of an option or field.
    REQUIRED = "required"
    LENGTH = "length"
    COUNT = "count"
    LINE = "line"
    TYPE = "type"
    RANGE = "range"
    CHOICE = "choice"
    NO_FIELD = "no_field"
    # Something that is done.
    NO_WRITING = "no_writing"
    MESSAGE_LENGTH = "message_length"
    OWN_ONLY = "own_only"
    NO_REACTING = "no_reacting"
    NO_DELETING = "no_deleting"
    NO_COMMAND = "no_command"
    NO_COMMANDS_HERE = "no_commands_here"
    NO_SUGGESTIONS = "no_suggestions"
    DISABLED = "disabled"
    LINK = "link"
    GONE = "gone"


class ClientRefused(Exception):
    """What a member's own client would not have let through: why, and for a value also where and within which limits."""

    def __init__(self, reason: Reason, said: str, *, at: str | None = None, limits: tuple[float, float] | None = None) -> None:
        super().__init__(said)
        self.reason = reason
        self.at = at
        """The option's name or the field's custom id."""
        self.limits = limits
        """The lowest and the highest that is let through."""


class SandboxMisuse(Exception):
    """A test or tool asked the sandbox for something that makes no sense."""


def unauthorized() -> ApiError:
    """Return the refusal of a wrong token."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """Return the refusal of an unknown path."""
    return ApiError(404, 0, "404: Not Found")


def method_not_allowed() -> ApiError:
    """Return the refusal of a known path with another method."""
    return ApiError(405, 0, "405: Method Not Allowed")


def missing_access() -> ApiError:
    """Return the refusal of something the bot cannot see."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Return the refusal of something the bot may not do."""
    return ApiError(403, 50013, "Missing Permissions")


UNKNOWN = {
    10002: "Unknown Application",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10009: "Unknown permission overwrite",
    10011: "Unknown Role",
    10012: "Unknown Token",
    10013: "Unknown User",
    10014: "Unknown Emoji",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
}


def unknown(code: int) -> ApiError:
    """Return the refusal of an id that nothing carries; `code` is one of `UNKNOWN`."""
    return ApiError(404, code, UNKNOWN[code])


def invalid_form(errors: Json) -> ApiError:
    """Return the refusal of a body, with nested field errors."""
    return ApiError(400, 50035, "Invalid Form Body", errors)


def invalid_field(path: tuple[str | int, ...], code: str, message: str) -> ApiError:
    """Return the refusal of one field of a body."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for step in reversed(path):
        errors = {str(step): errors}
    return invalid_form(errors)


def empty_message() -> ApiError:
    """Return the refusal of a message without anything in it."""
    return ApiError(400, 50006, "Cannot send an empty message")


def expired_token() -> ApiError:
    """Return the refusal of an interaction token older than fifteen minutes."""
    return ApiError(401, 50027, "Invalid Webhook Token")
