"""Open the event log at its beginning or at a moment."""

from dataclasses import dataclass

from db.queries.events import first_number_since
from facades.app import App
from facades.operations.log_filter import fingerprint, load_active
from facades.typed_moment import read_moment
from util.actor import Actor
from util.identifiers import Flag
from util.paging import FIRST_PAGE, Cursor, Where


@dataclass(frozen=True)
class OpenedLog:
    """Where to begin, and what tells the actor's active filter from others."""

    content: str
    cursor: Cursor


async def open_log(app: App, *, actor: Actor, timestamp: str | None) -> OpenedLog:
    """Return where the log begins for the actor: with the first event at or after a moment, if one is typed.

    Raises `Forbidden` or `MomentRefused`.
    """
    actor.require(Flag.LOG_VIEWER)
    settings = await app.guild(actor.guild_id)
    moment = None if timestamp is None else read_moment(timestamp, settings, app.now())
    async with app.reading() as session:
        content = fingerprint(await load_active(session, actor))
        if moment is None:
            return OpenedLog(content, FIRST_PAGE)
        number = await first_number_since(session, actor.guild_id, moment)
    return OpenedLog(content, Cursor(Where.AT, str(number)))
