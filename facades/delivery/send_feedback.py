"""Deliver a curator's feedback: a message in a thread under the trainee's review."""

from db.models import Delivery
from db.queries.deliveries import posted_cards
from facades.app import App
from facades.delivery.send_once import send_once
from facades.delivery.settlement import DONE, Settlement
from services.discord import DiscordGone
from util.datatypes import MessagePayload, MessageRef
from util.identifiers import CardKind


async def send_feedback(app: App, item: Delivery) -> Settlement:
    """Post one message of feedback in the thread of the review's card; the first one to come starts the thread.

    Without a card there is no thread: the feedback is given up. Raises the errors of `services.discord`.
    """
    owed = item.payload
    review_id: int = owed["review_id"]
    async with app.reading() as session:
        posted = await posted_cards(session, item.guild_id, review_id, (CardKind.TRAINEE_REVIEW,))
    card = posted.get(CardKind.TRAINEE_REVIEW)
    if card is None or card.message_id is None:
        return Settlement(failures=(DiscordGone(f"trainee review {review_id} has no card"),))
    try:
        thread_id = await app.discord.start_thread(MessageRef(card.channel_id, card.message_id), owed["thread_name"])
    except DiscordGone as error:
        # Not to be taken for a message that was delivered and deleted since.
        return Settlement(failures=(error,))
    message = MessagePayload(content=owed["content"], mention_users=tuple(owed["mention_users"]))
    await send_once(app, thread_id, message, item.nonce, item.attempted_at or app.now())
    return DONE
