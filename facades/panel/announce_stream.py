"""Announce that a stream has begun."""

import re

from facades.app import App
from facades.requests.typed import clean
from util.actor import Actor
from util.errors import BadInput
from util.identifiers import Flag, Route
from util.splitting import MESSAGE_LIMIT
from util.texts import Text

STREAM = "control_panel"
"""Beginnings and ends of streams are delivered in the order in which they were told."""
_ROLE = re.compile(r"<@&([0-9]{15,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


class MessageOutOfRange(BadInput):
    """The message is empty or longer than Discord takes."""

    def __init__(self) -> None:
        super().__init__(Text.PANEL_REFUSED_TEXT, most=MESSAGE_LIMIT)


async def announce_stream(app: App, *, actor: Actor, text: str) -> None:
    """Owe the streamer's text, as it is, to the route of stream announcements; where that is off, nothing happens.

    The roles that it mentions are pinged, and everyone where it says so. Raises `Forbidden` or `MessageOutOfRange`.
    """
    actor.require(Flag.GD_MOD)
    content = read_message(text)
    if not content:
        raise MessageOutOfRange
    roles = [int(role_id) for role_id in dict.fromkeys(_ROLE.findall(content))]
    async with app.transaction(actor.guild_id) as tx:
        # The role that everybody has carries the guild's id.
        everyone = [tx.guild_id] if _EVERYONE.search(content) else []
        tx.owe_message(STREAM, Route.STREAM_START_ANNOUNCEMENT, content, mention_roles=(*everyone, *roles))


def read_message(typed: str) -> str:
    """Return a message without what no reader can use. Raises `MessageOutOfRange` when it is too long."""
    content = clean(typed)
    if len(content) > MESSAGE_LIMIT:
        raise MessageOutOfRange
    return content
