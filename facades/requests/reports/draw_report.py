"""Draw a report."""

import asyncio
from dataclasses import dataclass

import structlog

from facades.app import App
from facades.requests.reports.asked import Asked
from facades.requests.reports.charts import chart_of
from facades.requests.reports.collect_figures import collect_figures
from facades.requests.reports.figures import Figures
from services.charts import ChartUnavailable
from util.actor import Actor

log = structlog.get_logger()


@dataclass(frozen=True)
class DrawnReport:
    """A report. `picture`: a PNG; None when it could not be drawn, then `interactive` is an HTML file, if that can be made."""

    figures: Figures
    picture: bytes | None
    interactive: bytes | None = None


async def draw_report(app: App, *, actor: Actor, asked: Asked) -> DrawnReport:
    """Return a report in the actor's language. Raises `Forbidden` or `NothingToShow`."""
    figures = await collect_figures(app, actor=actor, asked=asked)
    chart = await asyncio.to_thread(chart_of, figures, await app.guild(actor.guild_id), actor.language)
    try:
        return DrawnReport(figures, await app.charts.picture(chart))
    except ChartUnavailable as error:
        log.warning("report_without_picture", guild=actor.guild_id, report=asked.kind.value, reason=str(error))
    try:
        return DrawnReport(figures, None, await app.charts.interactive(chart))
    except ChartUnavailable as error:
        log.warning("report_without_file", guild=actor.guild_id, report=asked.kind.value, reason=str(error))
        return DrawnReport(figures, None)
