"""Deliver messages that were owed as they are: to a channel, or to one person."""

import structlog
from sqlalchemy import update
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
        await _keep_place(tx, item, review_id, ref)

    return Settlement(record)


async def _keep_place(tx: Transaction, item: Delivery, review_id: int, ref: MessageRef) -> None:
    """Write where a review stands, and see that a run of the cards, which link to it, follows."""
    ours = (col(Review.guild_id) == tx.guild_id, col(Review.id) == review_id)
    await tx.session.exec(update(Review).where(*ours).values(channel_id=ref.channel_id, message_id=ref.message_id))
    request_id = (await tx.session.exec(select(Review.request_id).where(*ours))).one_or_none()
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
