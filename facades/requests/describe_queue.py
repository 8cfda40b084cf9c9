"""Tell how the request queue stands and what it does by itself."""

from dataclasses import dataclass

from facades.app import App
from facades.requests.queue_state import QueueChange, queue_state
from util.actor import Actor
from util.identifiers import Parameter


@dataclass(frozen=True)
class QueueInfo:
    """The queue's state. `change`: when and by whom it got into it, where that is known."""

    closed: bool
    pending: int
    change: QueueChange | None
    block_enabled: bool
    block_at: int
    unblock_enabled: bool
    unblock_at: int


async def describe_queue(app: App, *, actor: Actor) -> QueueInfo:
    """Return the state of the queue; anybody may know it."""
    settings = await app.guild(actor.guild_id)
    async with app.reading() as session:
        state = await queue_state(session, actor.guild_id)
    return QueueInfo(
        closed=state.closed,
        pending=state.pending,
        change=state.change,
        block_enabled=settings.flag_value(Parameter.QUEUE_BLOCK_ENABLED),
        block_at=settings.number(Parameter.QUEUE_BLOCK_AT),
        unblock_enabled=settings.flag_value(Parameter.QUEUE_UNBLOCK_ENABLED),
        unblock_at=settings.number(Parameter.QUEUE_UNBLOCK_AT),
    )
