"""Try cards again that Discord refused: a permission that was missing may have been given back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from db.models import FailedDelivery
from db.queries.deliveries import failed_cards, remove_failures
from facades.app import App
from facades.transaction import ONLY_POSTED, Item, cards_item, of_posted, trainee_card_item
from util.identifiers import DeliveryKind

FIRST_PAUSE = timedelta(hours=1)
"""After each attempt the pause is twice as long."""
MOST_RETRIES = 8
RETRIES = "retries"
"""Where an owed run of cards keeps how often it was given up and tried again."""


async def retry_cards(app: App, guild_id: int = 0) -> None:
    """Owe runs of cards again that were given up; what fails for days stays given up. One run brings all cards of a subject."""
    async with app.reading() as session:
        failures = await failed_cards(session)
    by_subject = sorted(failures, key=lambda one: (one.guild_id, _item(one)[0], one.id))
    for _, group in groupby(by_subject, key=lambda one: (one.guild_id, _item(one)[0])):
        found = list(group)
        if _is_due(found, app.now()):
            await _owe_again(app, found)


def _item(failure: FailedDelivery) -> Item:
    if failure.kind is DeliveryKind.TRAINEE_CARD:
        return trainee_card_item(int(failure.payload["review_id"]))
    return cards_item(int(failure.payload["request_id"]))


def _retries(failures: Sequence[FailedDelivery]) -> int:
    return max(int(one.payload.get(RETRIES, 0)) for one in failures)


def _is_due(failures: Sequence[FailedDelivery], now: datetime) -> bool:
    retries = _retries(failures)
    return retries < MOST_RETRIES and now - failures[-1].failed_at >= FIRST_PAUSE * 2**retries


async def _owe_again(app: App, failures: Sequence[FailedDelivery]) -> None:
    guild_id = failures[0].guild_id
    item = _item(failures[0])
    only_posted = all(one.payload.get(ONLY_POSTED) for one in failures)
    stream, kind, payload = of_posted(item) if only_posted else item
    async with app.transaction(guild_id) as tx:
        if await remove_failures(tx.session, guild_id, [one.id for one in failures]):
            tx.owe(stream, kind, {**payload, RETRIES: _retries(failures) + 1})
