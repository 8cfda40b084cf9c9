"""Say that a stream is over, and what came of it."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from config.guild_settings import GuildSettings
from facades.app import App
from facades.panel.announce_stream import STREAM, MessageOutOfRange, read_message
from services.charts import Donut, Slice
from util.actor import Actor
from util.identifiers import DeliveryKind, Flag, Route
from util.texts import Text

COLOUR = 0x128611


@dataclass(frozen=True)
class StreamFigures:
    """What became of the requests of a stream. `not_reviewed`: those that were left over."""

    not_reviewed: int
    approved: int
    rejected: int
    later: int

    @property
    def reviewed(self) -> int:
        """How many were looked at."""
        return self.approved + self.rejected + self.later


async def conclude_stream(app: App, *, actor: Actor, text: str, figures: StreamFigures) -> None:
    """Owe the streamer's text to the route of goodbyes; where that is off, nothing happens. It pings nobody.

    When anything was reviewed, the figures follow in words and as a chart, which is drawn when the message is sent. Raises
    `Forbidden` or `MessageOutOfRange`.
    """
    actor.require(Flag.GD_MOD)
    content = read_message(text)
    if not content and not figures.reviewed:
        raise MessageOutOfRange
    async with app.transaction(actor.guild_id) as tx:
        if not figures.reviewed:
            tx.owe_message(STREAM, Route.STREAM_END_GOODBYE, content)
            return
        channel_id = tx.settings.channel(Route.STREAM_END_GOODBYE)
        if channel_id is None:
            return
        payload = {
            "route": Route.STREAM_END_GOODBYE.value,
            "channel_id": channel_id,
            "content": content,
            "embed": summary_embed(tx.settings, figures),
            "donut": dataclasses.asdict(summary_chart(tx.settings, figures)),
        }
        tx.owe(STREAM, DeliveryKind.STREAM_SUMMARY, payload)


def summary_embed(settings: GuildSettings, figures: StreamFigures) -> dict[str, Any]:
    """Return the figures in words, in the guild's language."""
    said = settings.say(
        Text.PANEL_SUMMARY_FIGURES,
        settings.language,
        approved=figures.approved,
        rejected=figures.rejected,
        later=figures.later,
        not_reviewed=figures.not_reviewed,
    )
    return {"title": settings.label(Text.PANEL_SUMMARY_TITLE, settings.language)[:256], "description": said, "color": COLOUR}


def summary_chart(settings: GuildSettings, figures: StreamFigures) -> Donut:
    """Return the figures as a chart, in the guild's language."""

    def word(key: Text) -> str:
        return settings.label(key, settings.language)

    parts = (
        Slice(word(Text.PANEL_SUMMARY_APPROVED), figures.approved, "good"),
        Slice(word(Text.PANEL_SUMMARY_REJECTED), figures.rejected, "bad"),
        Slice(word(Text.PANEL_SUMMARY_LATER), figures.later, "later"),
        Slice(word(Text.PANEL_SUMMARY_NOT_REVIEWED), figures.not_reviewed, "idle"),
    )
    return Donut(
        title=word(Text.PANEL_SUMMARY_CHART_TITLE),
        subtitle="",
        slices=tuple(part for part in parts if part.value),
        centre=str(figures.reviewed),
        centre_name=settings.label(Text.PANEL_SUMMARY_CENTRE, settings.language, count=figures.reviewed),
        language=settings.language,
    )
