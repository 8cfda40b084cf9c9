"""Switches that make the sandbox fail in the ways in which Discord and networks fail."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Application
    from .session import Connection
    from .world import World


class FaultKind(Enum):
    """What happens to a request."""

    RATE_LIMIT = "answers 429, nothing is done"
    STATUS = "answers a 5xx, nothing is done"
    LOST_REPLY = "is done, then the connection is cut without an answer"
    LOST_REPLY_502 = "is done, then answered with 502"
    DROP = "the connection is cut, nothing is done"
    SILENCE = "nothing is done and no answer comes"
    SILENCE_AFTER = "is done, and no answer comes"


@dataclass
class Fault:
    """One armed failure: how, for which requests, how many more times; `hits` counts those that it has hit.

    `released`: what is held without an answer is cut off.
    """

    kind: FaultKind
    method: str
    pattern: re.Pattern[str]
    times: int
    status: int = 500
    retry_after: float = 0.05
    everywhere: bool = False
    scope: str = "user"
    hits: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, method: str, path: str) -> bool:
        """Tell whether a request is meant."""
        return self.times > 0 and self.method in ("*", method) and self.pattern.search(path) is not None


@dataclass
class _Delay:
    seconds: float
    method: str
    pattern: re.Pattern[str]


class Faults:
    """What shall go wrong. Paths are without `/api/v10`, e.g. `/channels/1/messages`; patterns are searched in them.

    `hits` counts the requests that were hit.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._armed: list[Fault] = []
        self._delays: list[_Delay] = []
        self._silent: list[Fault] = []
        self.gateway_down = False
        self.hits = 0

    def clear(self) -> None:
        """Disarm everything; a gateway connection that plays dead stays dead."""
        self._armed.clear()
        self._delays.clear()
        self.gateway_down = False
        for fault in self._silent:
            fault.released.set()
        self._silent.clear()

    def disarm(self, fault: Fault) -> None:
        """Take one armed failure back; one that was used up already is no matter."""
        fault.times = 0
        fault.released.set()
        if fault in self._armed:
            self._armed.remove(fault)

    def _arm(self, fault: Fault) -> Fault:
        self._armed.append(fault)
        return fault

    def rate_limit(
        self, path: str = "", *, method: str = "*", times: int = 1, retry_after: float = 0.05, everywhere: bool = False
    ) -> Fault:
        """Answer the next matching requests with 429; `everywhere` makes it the global limit. Seconds."""
        pattern = re.compile(path)
        return self._arm(Fault(FaultKind.RATE_LIMIT, method, pattern, times, 429, retry_after, everywhere))

    def fail(self, path: str = "", *, method: str = "*", times: int = 1, status: int = 500) -> Fault:
        """Answer the next matching requests with a 5xx without doing anything."""
        return self._arm(Fault(FaultKind.STATUS, method, re.compile(path), times, status))

    def lose_reply(self, path: str = "", *, method: str = "*", times: int = 1, bad_gateway: bool = False) -> Fault:
        """Do the next matching requests, but cut the connection instead of answering (or answer 502)."""
        kind = FaultKind.LOST_REPLY_502 if bad_gateway else FaultKind.LOST_REPLY
        return self._arm(Fault(kind, method, re.compile(path), times, 502))

    def drop(self, path: str = "", *, method: str = "*", times: int = 1) -> Fault:
        """Cut the connection of the next matching requests before anything is done."""
        return self._arm(Fault(FaultKind.DROP, method, re.compile(path), times))

    def silence(self, path: str = "", *, method: str = "*", times: int = 1, after_effect: bool = False) -> Fault:
        """Hold the next matching requests without an answer until `clear` or `disarm`, then cut their connections."""
        kind = FaultKind.SILENCE_AFTER if after_effect else FaultKind.SILENCE
        fault = self._arm(Fault(kind, method, re.compile(path), times))
        self._silent.append(fault)
        return fault

    def delay(self, seconds: float, path: str = "", *, method: str = "*") -> None:
        """Let every matching request wait before it is done, until `clear`."""
        self._delays.append(_Delay(seconds, method, re.compile(path)))

    def take(self, method: str, path: str) -> Fault | None:
        """Return the failure that hits a request and count it down."""
        for fault in self._armed:
            if fault.fits(method, path):
                fault.times -= 1
                fault.hits += 1
                self.hits += 1
                if not fault.times:
                    self._armed.remove(fault)
                return fault
        return None

    def latency(self, method: str, path: str) -> float:
        """Return how many seconds a request has to wait."""
        return sum(item.seconds for item in self._delays if item.method in ("*", method) and item.pattern.search(path))

    def _connections(self, application: Application | None) -> list[Connection]:
        applications = [application] if application else list(self._world.applications.values())
        sessions = [session for item in applications for session in item.sessions]
        return [session.connection for session in sessions if session.connection is not None]

    def drop_gateway(self, application: Application | None = None, *, resumable: bool = True, code: int | None = None) -> None:
        """Cut the gateway connections (or close them with a code); not resumable means the session is forgotten."""
        for item in [application] if application else list(self._world.applications.values()):
            for session in list(item.sessions):
                connection = session.connection
                if not resumable:
                    session.resumable = False
                    item.sessions.remove(session)
                if connection is None:
                    continue
                if code is None:
                    connection.abort()
                else:
                    connection.close(code)

    def ask_reconnect(self, application: Application | None = None) -> None:
        """Send opcode 7, with which Discord asks bots to reconnect and resume."""
        for connection in self._connections(application):
            connection.push_json({"op": 7, "d": None})

    def invalidate(self, application: Application | None = None, *, resumable: bool = False) -> None:
        """Send opcode 9; not resumable means the bot has to identify again."""
        for item in [application] if application else list(self._world.applications.values()):
            for session in list(item.sessions):
                if session.connection is not None:
                    session.connection.push_json({"op": 9, "d": resumable})
                if not resumable:
                    session.resumable = False
                    item.sessions.remove(session)

    def zombie(self, application: Application | None = None) -> None:
        """Let the present connections stop acknowledging and dispatching without closing."""
        for connection in self._connections(application):
            connection.zombie = True
