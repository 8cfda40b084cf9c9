"""Delete a request that should not have been."""

from dataclasses import dataclass

from sqlmodel import col, delete

from db.locks import lock_guild
from db.models import Request
from facades.app import App
from facades.requests.find_request import get_request
from facades.requests.queue_state import open_if_drained
from facades.requests.trainee_reviews import trainee_reviews_of
from facades.transaction import of_posted, trainee_card_item
from util.actor import Actor
from util.identifiers import EventType, Flag, RequestStatus


@dataclass(frozen=True)
class DeletedRequest:
    """A request that is gone. `queue_opened`: there are few enough left that the queue opened by itself."""

    request_id: int
    level_name: str
    queue_opened: bool


async def delete_request(app: App, *, actor: Actor, request_id: int) -> DeletedRequest:
    """Delete a request with its opinions; reviews keep their texts, and cooldowns stay without the link to it.

    Raises `Forbidden` or `RequestNotFound`. Owes the removal of its cards, and that trainees' cards follow; nobody is told.
    """
    actor.require(Flag.ADMIN)
    async with app.transaction(actor.guild_id) as tx:
        await lock_guild(tx.session, tx.guild_id)
        request = await get_request(tx.session, tx.guild_id, request_id, lock=True)
        practice = await trainee_reviews_of(tx.session, tx.guild_id, request_id)
        # What refers to it follows by the foreign keys' rules.
        await tx.session.exec(delete(Request).where(col(Request.guild_id) == tx.guild_id, col(Request.id) == request_id))
        tx.log(
            EventType.REQUEST_DELETED,
            actor.user_id,
            request_id=request_id,
            level_id=request.level_id,
            level_name=request.level_name,
            author_id=request.author_id,
            creator_name=request.creator_name,
            status=request.status.value,
        )
        tx.owe_cards(request_id)
        for review_id in practice:
            # What they say of the request is known no more.
            tx.owe(*of_posted(trainee_card_item(review_id)))
        opened = request.status is RequestStatus.PENDING and await open_if_drained(tx)
    return DeletedRequest(request_id, request.level_name, opened)
