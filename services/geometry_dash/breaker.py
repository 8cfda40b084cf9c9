"""Leaving a failing server alone for a while."""

from dataclasses import dataclass
from enum import StrEnum

from services.clock import Clock


class BreakerState(StrEnum):
    """Whether calls are made: all, none, or a single one that decides."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to make one call; `is_probe` when that call decides whether others follow."""

    is_probe: bool


class Breaker:
    """Stops calls after `threshold` failures in a row for `pause` seconds, then lets one through to see."""

    def __init__(self, clock: Clock, *, threshold: int, pause: float) -> None:
        self._clock = clock
        self._threshold = threshold
        self._pause = pause
        self._opened_at: float | None = None
        self._probing = False
        self.failures_in_row = 0

    @property
    def state(self) -> BreakerState:
        """The present state; OPEN also when the pause is over but nobody has asked since."""
        if self._probing:
            return BreakerState.PROBING
        return BreakerState.CLOSED if self._opened_at is None else BreakerState.OPEN

    @property
    def seconds_left(self) -> float:
        """How long calls are still refused, 0 when the next one is let through."""
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + self._pause - self._clock.monotonic())

    @property
    def refuses(self) -> bool:
        """Whether a call would be refused now."""
        return self._probing or self.seconds_left > 0

    def admit(self) -> Permit | None:
        """Ask to make one call; None when it must not be made. A permit is followed by `succeed` or `fail`."""
        if self.refuses:
            return None
        self._probing = self._opened_at is not None
        return Permit(is_probe=self._probing)

    def succeed(self) -> None:
        """Note that a call was answered: the server works."""
        self._opened_at = None
        self._probing = False
        self.failures_in_row = 0

    def fail(self, permit: Permit) -> None:
        """Note that a call failed. A late failure of a call from before the pause neither prolongs it nor ends the probe."""
        self.failures_in_row += 1
        if permit.is_probe:
            self._probing = False
            self._opened_at = self._clock.monotonic()
        elif self._opened_at is None and self.failures_in_row >= self._threshold:
            self._opened_at = self._clock.monotonic()
