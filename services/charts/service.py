"""Draw charts."""

from services.charts.chart import Chart


class ChartUnavailable(Exception):
    """No picture could be made; the message says why, for maintainers."""


class ChartService:
    """Draws charts; one of them per process. Nothing is loaded or started before the first chart."""

    async def picture(self, chart: Chart) -> bytes:
        """Return a chart as a PNG. Raises `ChartUnavailable`."""
        raise ChartUnavailable("not built yet")

    async def interactive(self, chart: Chart) -> bytes:
        """Return a chart as one HTML file that works without a network."""
        raise ChartUnavailable("not built yet")

    async def close(self) -> None:
        """End the browser."""
