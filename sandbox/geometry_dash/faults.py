"""The ways in which the sandbox's Geometry Dash server can fail on demand."""

import asyncio
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

REFUSAL: Final = "error code: 1005"
HTML_PAGE: Final = "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body><h1>Checking</h1></body></html>"
GARBAGE: Final = "\x00\x16\x03\ufffd:::||##~|~ nothing here"


class Kind(Enum):
    """What happens to a call."""

    SLOW = auto()
    HANG = auto()
    REPLACE = auto()
    TRUNCATE = auto()
    DROP = auto()
    WRONG_IDS = auto()


@dataclass(slots=True)
class Fault:
    """One fault: for `times` calls, or until it is cleared. `released` ends every wait in it."""

    kind: Kind
    times: int | None = None
    seconds: float | None = None
    status: int = 200
    body: str = ""
    released: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """The fault that is on, if any; setting one ends the one before."""

    def __init__(self) -> None:
        self._current: Fault | None = None
        self._waited_in: list[Fault] = []

    def slow(self, seconds: float, *, times: int | None = None) -> None:
        """Answer correctly after a while."""
        self._set(Fault(Kind.SLOW, times, seconds=seconds))

    def hang(self, *, times: int | None = None) -> None:
        """Hold calls until `release`, then answer them correctly."""
        self._set(Fault(Kind.HANG, times))

    def status(self, status: int = 503, *, times: int | None = None) -> None:
        """Answer with an HTTP error."""
        self._set(Fault(Kind.REPLACE, times, status=status, body=f"{status}: out of order"))

    def refuse(self, text: str = REFUSAL, *, status: int = 403, times: int | None = None) -> None:
        """Turn calls away as the front-end does; with status 200 only the text tells."""
        self._set(Fault(Kind.REPLACE, times, status=status, body=text))

    def html(self, *, status: int = 200, times: int | None = None) -> None:
        """Answer with a web page."""
        self._set(Fault(Kind.REPLACE, times, status=status, body=HTML_PAGE))

    def garbage(self, text: str = GARBAGE, *, times: int | None = None) -> None:
        """Answer with something that is not in the format."""
        self._set(Fault(Kind.REPLACE, times, body=text))

    def truncate(self, *, times: int | None = None) -> None:
        """Answer with the first half of the right text."""
        self._set(Fault(Kind.TRUNCATE, times))

    def drop(self, *, times: int | None = None) -> None:
        """Close the connection without an answer."""
        self._set(Fault(Kind.DROP, times))

    def wrong_ids(self, *, times: int | None = None) -> None:
        """Answer with levels that were not asked for."""
        self._set(Fault(Kind.WRONG_IDS, times))

    def release(self) -> None:
        """Let go of every call that is being held, and stop holding."""
        self._set(None)

    clear = release

    def take(self) -> Fault | None:
        """Return the fault that hits the call at hand."""
        fault = self._current
        if fault is None:
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._current = None
        self._waited_in.append(fault)
        return fault

    def _set(self, fault: Fault | None) -> None:
        for held in self._waited_in:
            held.released.set()
        self._waited_in.clear()
        self._current = fault
