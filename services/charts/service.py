"""Draw charts."""

from dataclasses import dataclass

from services.charts.chart import Chart


class ChartUnavailable(Exception):
    """No picture could be made; the message says why, for maintainers."""


@dataclass
class ChartCounts:
    """What was drawn since the start; `seconds` is how long the pictures took together, waiting in the queue included."""

    pictures: int = 0
    files: int = 0
    failures: int = 0
    crashes: int = 0
    starts: int = 0
    seconds: float = 0.0
    last_seconds: float | None = None


@dataclass(frozen=True)
class ChartState:
    """How drawing stands: `browser` is None when there is none, and `reason` says then what to do; `last_failure`: why the last picture failed."""

    browser: str | None
    reason: str | None
    is_warm: bool
    waiting: int
    last_failure: str | None


class ChartService:
    """Draws charts; one of them per process. Nothing is loaded or started before the first chart."""

    def __init__(self) -> None:
        """Start with nothing running."""
        self.counts = ChartCounts()

    async def picture(self, chart: Chart) -> bytes:
        """Return a chart as a PNG. Raises `ChartUnavailable`."""
        raise ChartUnavailable("not built yet")

    async def interactive(self, chart: Chart) -> bytes:
        """Return a chart as one HTML file that works without a network."""
        raise ChartUnavailable("not built yet")

    def state(self) -> ChartState:
        """Tell whether a browser is there, and how drawing goes; costs a few looks at the file system."""
        return ChartState(None, "not built yet", False, 0, None)

    async def close(self) -> None:
        """End the browser."""
