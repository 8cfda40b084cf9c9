"""Send a message that may have been sent before without doubling it."""

from datetime import datetime, timedelta

from facades.app import App
from util.datatypes import MessagePayload, MessageRef

NONCE_LASTS = timedelta(minutes=2)
"""Discord remembers a nonce for some minutes; up to this age of the first attempt we rely on it."""


async def send_once(
    app: App,
    channel_id: int,
    payload: MessagePayload,
    nonce: str,
    first_attempt: datetime,
    *,
    sent_as: MessagePayload | None = None,
) -> MessageRef:
    """Return where the message stands: found in the channel's history when the first attempt is long ago, else sent.

    `sent_as`: what the first attempt sent, where that may have been something else. Raises the errors of `services.discord`.
    """
    if app.now() - first_attempt >= NONCE_LASTS:
        found = await app.discord.find_sent(channel_id, nonce, first_attempt, sent_as or payload)
        if found is not None:
            return found
    return await app.discord.send(channel_id, payload, nonce)
