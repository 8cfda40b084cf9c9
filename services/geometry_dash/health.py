"""How the Geometry Dash server has been answering."""

from dataclasses import dataclass
from datetime import datetime

from services.geometry_dash.breaker import BreakerState
from services.geometry_dash.errors import UnavailableReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The client's state at one moment, for `/status`.

    `calls` counts since the start; `waiting` levels are queued, `in_flight` ones are being asked for; `resumes_at` is when
    the server is asked again, None unless calls are paused.
    """

    state: BreakerState
    failures_in_row: int
    calls: int
    waiting: int
    in_flight: int
    cached: int
    last_answer_at: datetime | None
    last_failure_at: datetime | None
    last_failure: UnavailableReason | None
    resumes_at: datetime | None

    @property
    def is_up(self) -> bool:
        """Whether calls are being made and the last one was answered (or none was made yet)."""
        return self.state is BreakerState.CLOSED and self.failures_in_row == 0
