"""Give the figures of a report as a file for spreadsheets."""

import asyncio

from facades.app import App
from facades.requests.reports.asked import Asked
from facades.requests.reports.collect_figures import collect_figures
from facades.requests.reports.csv_file import csv_of
from facades.requests.reports.prepare_report import check_asked
from util.actor import Actor


async def export_report(app: App, *, actor: Actor, asked: Asked) -> bytes:
    """Return a report's figures, computed anew, as CSV in the actor's language.

    Raises `Forbidden`, `NotFound` for a report that no button named, or `NothingToShow`.
    """
    figures = await collect_figures(app, actor=actor, asked=await check_asked(app, actor=actor, asked=asked))
    return await asyncio.to_thread(csv_of, figures, await app.guild(actor.guild_id), actor.language)
