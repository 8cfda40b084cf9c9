"""List when the request queue was closed and opened, and by whom."""

from db.queries.events import Wanted
from facades.app import App
from facades.operations.log_pages import LogPage, log_page
from util.actor import Actor
from util.identifiers import EventType, Flag
from util.paging import Cursor

QUEUE_EVENTS = (EventType.QUEUE_CLOSED, EventType.QUEUE_OPENED)


async def list_queue_history(app: App, *, actor: Actor, cursor: Cursor) -> LogPage:
    """Return a page of the queue's closings and openings, oldest first. Raises `Forbidden`, or `NotFound` for a forged cursor."""
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        return await log_page(session, Wanted(actor.guild_id, types=QUEUE_EVENTS), cursor)
