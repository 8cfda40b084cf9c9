"""Deliver messages that were owed as they are: to a channel, or to one person."""

import structlog
from sqlmodel import col, select

from db.models import Delivery, Review
from db.queries.deliveries import has_later
from facades.app import App
from facades.delivery.send_once import send_once
from facades.delivery.settlement import DONE, Settlement
from facades.transaction import OWNERS, Transaction, request_stream
from services.discord import NO_DIRECT_MESSAGES, DiscordForbidden
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import DeliveryKind
from util.phrases import is_former

log = structlog.get_logger()


async def send_message(app: App, item: Delivery) -> Settlement:
    """Post an owed message; where it is a review's, its place is kept with the review."""
    owed = item.payload
    roles: list[int] = owed.get("mention_roles", [])
    message = MessagePayload(
        content=owed["content"],
        mention_users=tuple(owed.get("mention_users", ())),
        mention_roles=tuple(role for role in roles if role != item.guild_id),
        # The role that everybody has carries the guild's id and is pinged by a word of its own.
        mention_everyone=item.guild_id in roles,
    )
    ref = await send_once(app, owed["channel_id"], message, item.nonce, item.attempted_at or app.now())
    review_id: int | None = owed.get("review_id")
    if review_id is None:
        return DONE

    async def record(tx: Transaction) -> None:
        query = select(Review).where(col(Review.guild_id) == tx.guild_id, col(Review.id) == review_id).with_for_update()
        review = (await tx.session.exec(query)).one_or_none()
        if review is None:
            return
        if is_former(review.author_id):
            # The author had it erased while it was on its way.
            tx.owe_removal(ref)
        elif owed.get("review_part", 0):
            review.further_messages = [*(review.further_messages or ()), ref.message_id]
        else:
            await _keep_place(tx, item, review, ref)

    return Settlement(record)


async def _keep_place(tx: Transaction, item: Delivery, review: Review, ref: MessageRef) -> None:
    """Write where a review stands, and see that a run of the cards, which link to it, follows."""
    review.channel_id, review.message_id = ref.channel_id, ref.message_id
    request_id = review.request_id
    if request_id is None:
        return
    stream = request_stream(request_id)
    if not await has_later(tx.session, tx.guild_id, stream, DeliveryKind.REQUEST_CARDS, item.id):
        tx.owe_cards(request_id)


async def send_direct_message(app: App, item: Delivery) -> Settlement:
    """Send an owed direct message; somebody who takes none goes without."""
    user_id: int = item.payload["user_id"]
    message = MessagePayload(content=item.payload["content"])
    for receiver in await app.discord.owner_ids() if user_id == OWNERS else (user_id,):
        try:
            channel_id = await app.discord.open_direct_channel(receiver)
            await send_once(app, channel_id, message, item.nonce, item.attempted_at or app.now())
        except DiscordForbidden as error:
            if error.code != NO_DIRECT_MESSAGES:
                raise
            log.info("direct_message_not_taken", user=receiver)
    return DONE


async def remove_message(app: App, item: Delivery) -> Settlement:
    """Delete a message of ours; one that is gone, or whose channel is, needs nothing more."""
    await app.discord.delete(MessageRef(item.payload["channel_id"], item.payload["message_id"]))
    return DONE
