"""The buttons below a report: the same figures, computed anew, as files for the one who asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import discord

from components.actions import ButtonAction, UnknownAction
from components.boundary import Interaction, app_of
from components.labels import button_label
from components.replies import answer, think, view_of
from config.guild_settings import GuildSettings
from facades.requests.reports.asked import Asked, ReportKind
from facades.requests.reports.export_report import export_report
from facades.requests.reports.open_report import NotInteractive, open_report
from facades.requests.reports.turns import report_turn
from util.actor import Actor
from util.datatypes import Upload
from util.identifiers import Module
from util.local_days import Granularity
from util.texts import Text


@dataclass(frozen=True)
class ReportButton(ButtonAction):
    """A button that keeps which report it is below; days are counted as `date.toordinal` does."""

    module: ClassVar[Module | None] = Module.REQUESTS
    kind: ReportKind
    first: int
    last: int
    granularity: Granularity
    reviewer_id: int

    def asked(self) -> Asked:
        """Return the report. Raises `UnknownAction` for days that are none."""
        try:
            first, last = date.fromordinal(self.first), date.fromordinal(self.last)
        except (ValueError, OverflowError) as error:
            raise UnknownAction from error
        return Asked(self.kind, first, last, self.granularity, self.reviewer_id)


@dataclass(frozen=True)
class ExportReport(ReportButton, prefix="report_csv"):
    """Gives the figures as CSV."""

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Send the file."""
        app = app_of(interaction)
        async with report_turn(app, actor=actor):
            asked = self.asked()
            await think(interaction)
            data = await export_report(app, actor=actor, asked=asked)
            settings = await app.guild(actor.guild_id)
            upload = Upload(file_name(asked, "csv"), data)
            await answer(interaction, settings.say(Text.REPORT_EXPORTED, actor.language), uploads=[upload])


@dataclass(frozen=True)
class OpenReport(ReportButton, prefix="report_html"):
    """Gives the chart as a file for the browser."""

    async def act(self, interaction: Interaction, actor: Actor) -> None:
        """Send the file. Raises `NotInteractive` also where Discord would not take a file of its size."""
        app = app_of(interaction)
        async with report_turn(app, actor=actor):
            asked = self.asked()
            await think(interaction)
            data = await open_report(app, actor=actor, asked=asked)
            if len(data) > interaction.filesize_limit:
                raise NotInteractive
            settings = await app.guild(actor.guild_id)
            upload = Upload(file_name(asked, "html"), data)
            await answer(interaction, settings.say(Text.REPORT_OPENED, actor.language), uploads=[upload])


def file_name(asked: Asked, ending: str) -> str:
    """Return what a file with a report is called."""
    return f"{asked.kind.value}_{asked.first.isoformat()}_{asked.last.isoformat()}.{ending}"


def report_buttons(asked: Asked, settings: GuildSettings, language: str) -> discord.ui.View:
    """Return the buttons below a report."""
    state: tuple[Any, ...] = (
        asked.kind,
        asked.first.toordinal(),
        asked.last.toordinal(),
        asked.granularity,
        asked.reviewer_id,
    )
    csv = ExportReport(*state).button(button_label(settings, Text.BUTTON_REPORT_CSV, language))
    html = OpenReport(*state).button(button_label(settings, Text.BUTTON_REPORT_INTERACTIVE, language))
    return view_of([csv, html])
