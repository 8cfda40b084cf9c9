"""Answer the commands of `/report`."""

import asyncio
from collections.abc import Sequence

from components.boundary import Interaction, app_of
from components.replies import answer, think
from components.reports.buttons import file_name, report_buttons
from components.reports.table import report_table
from components.reports.words import picture_description, report_words
from config.guild_settings import GuildSettings
from facades.requests.reports.asked import ReportKind
from facades.requests.reports.draw_report import DrawnReport, draw_report
from facades.requests.reports.prepare_report import prepare_report
from facades.requests.reports.turns import report_turn
from util.actor import Actor
from util.datatypes import Upload
from util.local_days import Granularity
from util.splitting import MESSAGE_LIMIT
from util.texts import Text


async def answer_report(
    interaction: Interaction,
    actor: Actor,
    kind: ReportKind,
    *,
    date_from: str | None,
    date_to: str | None,
    granularity: str | None = None,
    reviewer_id: int = 0,
    private: bool,
) -> None:
    """Show that a report is being made, then the report; what is wrong with the options is told to the asker alone."""
    app = app_of(interaction)
    async with report_turn(app, actor=actor):
        asked = await prepare_report(
            app,
            actor=actor,
            kind=kind,
            date_from=date_from,
            date_to=date_to,
            granularity=Granularity(granularity or Granularity.DAY),
            reviewer_id=reviewer_id,
        )
        await think(interaction, ephemeral=private)
        drawn = await draw_report(app, actor=actor, asked=asked)
        settings = await app.guild(actor.guild_id)
        uploads = _uploads(drawn, settings, actor.language, interaction.filesize_limit)
        await answer(
            interaction,
            # A table of twenty years of days is put together from thousands of rows.
            await asyncio.to_thread(_content, drawn, settings, actor.language, has_file=bool(uploads)),
            view=report_buttons(asked, settings, actor.language),
            uploads=uploads,
            ephemeral=private,
        )


def _uploads(drawn: DrawnReport, settings: GuildSettings, language: str, largest: int) -> Sequence[Upload]:
    asked = drawn.figures.asked
    if drawn.picture is not None:
        description = picture_description(drawn.figures, settings, language)
        return [Upload(file_name(asked, "png"), drawn.picture, description)]
    if drawn.interactive is not None and len(drawn.interactive) <= largest:
        return [Upload(file_name(asked, "html"), drawn.interactive)]
    return []


def _content(drawn: DrawnReport, settings: GuildSettings, language: str, *, has_file: bool) -> str:
    """Return the words beside the picture, or with the table in its place."""
    words = report_words(drawn.figures, settings, language)
    if drawn.picture is None:
        note = Text.REPORT_WITHOUT_PICTURE_FILE if has_file else Text.REPORT_WITHOUT_PICTURE
        words = f"{words}\n\n{settings.say(note, language)}"
        table = report_table(drawn.figures, settings, language, MESSAGE_LIMIT - len(words) - 1)
        words = f"{words}\n{table}" if table else words
    # Only what a guild has written itself can be that long.
    return words[:MESSAGE_LIMIT]
