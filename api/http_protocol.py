"""HTTP as uvicorn speaks it, but that what is no HTTP is answered in JSON as well, and that nobody is waited for without end."""

import asyncio

import h11
from starlette.responses import JSONResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.answers import error_answer
from api.guarded_route import NOWHERE
from config.texts import FALLBACK_LANGUAGE
from util.texts import Text

MOST_CONNECTIONS = 200
PATIENCE = 20.0
"""Seconds in which the head of a request must have come, or the rest of a body that nobody waits for any more."""
RETRY_AFTER = 5


class JsonProtocol(H11Protocol):
    """One connection."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin. A connection too many is told so, whatever it asks."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > MOST_CONNECTIONS:
            headers = {"Connection": "close", "Retry-After": str(RETRY_AFTER)}
            self.app = _refusal(503, "busy", Text.PANEL_ERROR_BUSY, headers)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._watch_no_more()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Go on with what has come."""
        super().handle_events()
        if self._is_answering():
            # Whoever answers has limits of their own.
            self._watch_no_more()
        elif self._deadline is None:
            self._watch()

    def on_response_complete(self) -> None:
        """Go on after an answer."""
        super().on_response_complete()
        if not self._is_answering() and not self.transport.is_closing():
            self._watch()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, where an answer has not begun yet, and hang up."""
        if self._is_answering():
            # What was begun for this request finds that its client has gone.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = _refusal(400, "refused", Text.PANEL_ERROR_REFUSED, {"Connection": "close"})
            head = h11.Response(status_code=answer.status_code, headers=answer.raw_headers, reason=b"Bad Request")
            for event in (head, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _should_upgrade(self) -> bool:
        """Return that we speak nothing else."""
        return False

    def _is_answering(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison]

    def _watch(self) -> None:
        self._watch_no_more()
        self._deadline = self.loop.call_later(PATIENCE, self.transport.close)

    def _watch_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _refusal(status: int, code: str, said: Text, headers: dict[str, str]) -> JSONResponse:
    return error_answer(status, code, NOWHERE.label(said, FALLBACK_LANGUAGE), headers=headers)
