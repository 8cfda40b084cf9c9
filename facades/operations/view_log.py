"""Read the event log through the active filter."""

from dataclasses import dataclass

from facades.app import App
from facades.operations.log_filter import FilterChangedMeanwhile, LogFilter, fingerprint, load_active
from facades.operations.log_pages import LogPage, log_page
from util.actor import Actor
from util.identifiers import Flag
from util.paging import Cursor


@dataclass(frozen=True)
class ViewedLog:
    """A page of the log and the filter through which it was read."""

    log: LogPage
    filter: LogFilter


async def view_log(app: App, *, actor: Actor, content: str, cursor: Cursor) -> ViewedLog:
    """Return a page of the guild's log through the actor's active filter, oldest first.

    `content` is that of `open_log`: pages of a list that was opened with another filter would not belong together.
    Raises `Forbidden`, `FilterChangedMeanwhile`, or `NotFound` for a forged cursor.
    """
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        active = await load_active(session, actor)
        if fingerprint(active) != content:
            raise FilterChangedMeanwhile
        return ViewedLog(await log_page(session, active.wanted(actor.guild_id), cursor), active)
