"""The one way in which asking the Geometry Dash server fails."""

from enum import StrEnum


class UnavailableReason(StrEnum):
    """Why there is no answer."""

    TIMEOUT = "timeout"
    """The server took too long."""
    CONNECTION = "connection"
    """The server could not be reached, or hung up."""
    REFUSED = "refused"
    """The front-end turned the call away."""
    SERVER_ERROR = "server_error"
    """The server failed (HTTP 5xx)."""
    GARBAGE = "garbage"
    """The answer is not in the format, was cut short, or is for another question."""
    PAUSED = "paused"
    """Too many calls failed in a row, so the server is left alone for a while."""
    CLOSED = "closed"
    """The client has been closed."""


class GeometryDashUnavailable(Exception):
    """The server cannot say now whether a level exists. `detail` is for the log, not for members."""

    def __init__(self, reason: UnavailableReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
