"""Open the request queue by hand."""

from db.locks import lock_guild
from facades.app import App
from facades.requests.queue_state import change_queue, count_pending
from util.actor import Actor
from util.errors import Refused
from util.identifiers import Flag
from util.texts import Text


class QueueAlreadyOpen(Refused):
    """The queue is open as it is."""

    def __init__(self) -> None:
        super().__init__(Text.QUEUE_ALREADY_OPEN)


async def open_queue(app: App, *, actor: Actor) -> int:
    """Open the queue and return how many requests wait in it.

    Raises `Forbidden` or `QueueAlreadyOpen`. Owes the notice.
    """
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        await lock_guild(tx.session, tx.guild_id)
        pending = await count_pending(tx.session, tx.guild_id)
        if not await change_queue(tx, closed=False, actor_id=actor.user_id, pending=pending):
            raise QueueAlreadyOpen
    return pending
