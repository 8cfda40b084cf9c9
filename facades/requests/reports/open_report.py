"""Give a report as a file for the browser."""

import asyncio

import structlog

from facades.app import App
from facades.requests.reports.asked import Asked
from facades.requests.reports.charts import chart_of
from facades.requests.reports.collect_figures import collect_figures
from facades.requests.reports.prepare_report import check_asked
from services.charts import ChartUnavailable
from util.actor import Actor
from util.errors import Unavailable
from util.texts import Text

log = structlog.get_logger()


class NotInteractive(Unavailable):
    """The file cannot be made now."""

    def __init__(self) -> None:
        super().__init__(Text.REPORT_REFUSED_NOT_INTERACTIVE)


async def open_report(app: App, *, actor: Actor, asked: Asked) -> bytes:
    """Return a report, computed anew, as one HTML file in the actor's language.

    Raises `Forbidden`, `NotFound` for a report that no button named, `NothingToShow` or `NotInteractive`.
    """
    figures = await collect_figures(app, actor=actor, asked=await check_asked(app, actor=actor, asked=asked))
    chart = await asyncio.to_thread(chart_of, figures, await app.guild(actor.guild_id), actor.language)
    try:
        return await app.charts.interactive(chart)
    except ChartUnavailable as error:
        log.warning("report_without_file", guild=actor.guild_id, report=asked.kind.value, reason=str(error))
        raise NotInteractive from error
