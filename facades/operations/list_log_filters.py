"""List the log filters that a guild keeps."""

from bisect import bisect_left, bisect_right

from facades.app import App
from facades.operations.saved_filters import KeptFilter, all_saved
from util.actor import Actor
from util.identifiers import Flag
from util.paging import FIRST_PAGE, Cursor, Page, Where

PAGE_SIZE = 10


async def list_log_filters(app: App, *, actor: Actor, cursor: Cursor = FIRST_PAGE) -> Page[KeptFilter]:
    """Return a page of the guild's filters by name. Raises `Forbidden`."""
    actor.require(Flag.LOG_VIEWER)
    async with app.reading() as session:
        filters = await all_saved(session, actor.guild_id)
    return _page(filters, cursor)


def _page(filters: list[KeptFilter], cursor: Cursor) -> Page[KeptFilter]:
    """Cut a page by names, so that it does not matter whether the filter at its edge is still there."""
    keys = [one.key for one in filters]
    match cursor.where:
        case Where.FIRST:
            start = 0
        case Where.LAST:
            start = max(0, (len(keys) - 1) // PAGE_SIZE * PAGE_SIZE)
        case Where.AT:
            start = bisect_left(keys, cursor.key)
        case Where.AFTER:
            start = bisect_right(keys, cursor.key)
        case Where.BEFORE:
            start = max(0, bisect_left(keys, cursor.key) - PAGE_SIZE)
    end = min(start + PAGE_SIZE, bisect_left(keys, cursor.key)) if cursor.where is Where.BEFORE else start + PAGE_SIZE
    shown = filters[start:end]
    first, last = (shown[0].key, shown[-1].key) if shown else (cursor.key, cursor.key)
    return Page(tuple(shown), first, last, has_before=start > 0, has_after=end < len(keys))
