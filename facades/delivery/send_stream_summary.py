"""Deliver the end of a stream: the streamer's text and the figures, with a chart where one can be drawn."""

from typing import Any

import structlog

from db.models import Delivery
from facades.app import App
from facades.delivery.send_once import send_once
from facades.delivery.settlement import DONE, Settlement
from services.charts import ChartUnavailable, Donut, Slice
from services.discord import DiscordForbidden
from util.datatypes import MessagePayload, Upload

log = structlog.get_logger()

PICTURE = "stream.png"


async def send_stream_summary(app: App, item: Delivery) -> Settlement:
    """Draw the chart and post everything as one message; without a browser, or the right to attach files, only the words.

    The words are the same either way, so a repeated attempt finds the first one's message. Raises the errors of
    `services.discord`.
    """
    owed, attempted = item.payload, item.attempted_at or app.now()
    words = MessagePayload(content=owed["content"], embeds=(owed["embed"],))
    upload = await _draw(app, owed["donut"], owed["embed"]["description"])
    if upload is None:
        await send_once(app, owed["channel_id"], words, item.nonce, attempted)
        return DONE
    embed = owed["embed"] | {"image": {"url": f"attachment://{PICTURE}"}}
    message = MessagePayload(content=owed["content"], embeds=(embed,), uploads=(upload,))
    try:
        await send_once(app, owed["channel_id"], message, item.nonce, attempted)
    except DiscordForbidden:
        await send_once(app, owed["channel_id"], words, item.nonce, attempted)
    return DONE


async def _draw(app: App, donut: dict[str, Any], description: str) -> Upload | None:
    fields: dict[str, Any] = donut | {"slices": tuple(Slice(**part) for part in donut["slices"])}
    try:
        picture = await app.charts.picture(Donut(**fields))
    except ChartUnavailable as error:
        log.warning("chart_not_drawn", reason=str(error))
        return None
    return Upload(PICTURE, picture, description)
