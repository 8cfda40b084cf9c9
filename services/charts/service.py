"""Draw charts."""

import asyncio
from dataclasses import dataclass

from services.charts.browser import find_browser, why_no_browser
from services.charts.chart import Chart
from services.charts.drawing import ChartCounts, ChartUnavailable, Drawing, Limits
from services.charts.page import page

__all__ = ["ChartCounts", "ChartService", "ChartState", "ChartUnavailable"]


@dataclass(frozen=True)
class ChartState:
    """How drawing stands. `browser` is None when there is none; `reason` says then what to do. `last_failure`: of a picture."""

    browser: str | None
    reason: str | None
    is_warm: bool
    waiting: int
    last_failure: str | None


class ChartService:
    """Draws charts; one of them per process. Nothing is loaded or started before the first chart."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Start with nothing running."""
        self.counts = ChartCounts()
        self._drawing = Drawing(limits or Limits(), self.counts)

    async def picture(self, chart: Chart) -> bytes:
        """Return a chart as a PNG. Raises `ChartUnavailable`."""
        if find_browser() is None:
            self.counts.failures += 1
            raise ChartUnavailable(why_no_browser())
        return await asyncio.wrap_future(self._drawing.submit(chart))

    async def interactive(self, chart: Chart) -> bytes:
        """Return a chart as one HTML file that works without a network; needs no browser here."""
        made = await asyncio.to_thread(page, chart)
        self.counts.files += 1
        return made

    def state(self) -> ChartState:
        """Tell whether a browser is there, and how drawing goes; costs a few looks at the file system."""
        path = find_browser()
        drawing = self._drawing
        return ChartState(path, None if path else why_no_browser(), drawing.is_warm, drawing.waiting, drawing.last_failure)

    async def close(self) -> None:
        """End the browser; charts that are asked for now or wait are refused."""
        await asyncio.to_thread(self._drawing.close)
