"""Tell what a log filter restricts."""

from dataclasses import dataclass

from facades.app import App
from facades.operations.log_filter import LogFilter, load_active
from facades.operations.saved_filters import KeptFilter, get_saved
from util.actor import Actor
from util.identifiers import Flag


@dataclass(frozen=True)
class DescribedFilter:
    """A filter; `saved` where it is a saved one."""

    filter: LogFilter
    saved: KeptFilter | None = None


async def describe_log_filter(app: App, *, actor: Actor, name: str | None = None) -> DescribedFilter:
    """Return a filter of the guild by its name, or the actor's active one. Raises `Forbidden` or `FilterNotFound`."""
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        if name is None:
            return DescribedFilter(await load_active(session, actor))
        found = await get_saved(session, actor.guild_id, name)
        return DescribedFilter(found.filter, found)
