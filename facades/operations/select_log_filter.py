"""Work with a saved log filter from now on."""

from dataclasses import dataclass

from facades.app import App
from facades.operations.log_filter import FilterChange, load_active, store_active
from facades.operations.saved_filters import get_saved
from util.actor import Actor
from util.identifiers import Flag


@dataclass(frozen=True)
class SelectedFilter:
    """The filter's name, and the change of the active one."""

    name: str
    change: FilterChange


async def select_log_filter(app: App, *, actor: Actor, name: str) -> SelectedFilter:
    """Make a filter of the guild the actor's active one. Raises `Forbidden` or `FilterNotFound`."""
    actor.require(Flag.LOG_VIEWER)
    async with app.transaction(actor.guild_id) as tx:
        found = await get_saved(tx.session, tx.guild_id, name)
        before = await load_active(tx.session, actor)
        await store_active(tx.session, actor, found.filter)
    return SelectedFilter(found.name, FilterChange(before, found.filter))
