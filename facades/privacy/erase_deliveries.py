"""Take a member out of what is owed to Discord or could not be delivered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from db.models import Assessment, Delivery, FailedDelivery, Review
from db.personal_data import table_of
from facades.delivery.cards import POSTING
from facades.privacy.erasing import Erasing
from facades.privacy.naming import names, renamed
from facades.transaction import member_stream
from util.identifiers import DeliveryKind

_TEXTS = frozenset({DeliveryKind.MESSAGE, DeliveryKind.FEEDBACK})
"""Kinds of deliveries that carry a review, or feedback about one."""


@dataclass(frozen=True)
class _Reviews:
    """Which of some reviews the member wrote, and which the member graded."""

    written: frozenset[int]
    graded: frozenset[int]

    def carried_by(self, kind: DeliveryKind, payload: Mapping[str, Any]) -> bool:
        """Tell whether a delivery carries what the member wrote, or what a curator tells the member."""
        review_id = payload.get("review_id")
        return kind in _TEXTS and (review_id in self.written or (kind is DeliveryKind.FEEDBACK and review_id in self.graded))


async def erase_from_deliveries(work: Erasing) -> None:
    """Drop what is addressed to the member or carries what they wrote; in the rest the pseudonym takes their place.

    Cards that are owed stay: they are rendered anew when their turn comes.
    """
    row = table_of(Delivery)
    query = select(row.c.kind, row.c.stream, row.c.payload).where(row.c.guild_id == work.guild_id, row.c.kind != DeliveryKind.LOG)
    change = update(row).where(row.c.guild_id == work.guild_id, row.c.id == bindparam("item"))
    async for rows in work.in_batches(query, row.c.id):
        reviews = await _reviews(work, [one.payload for one in rows])
        gone = [one.batch_key for one in rows if _is_theirs(work.user_id, one, reviews)]
        kept = [one for one in rows if one.batch_key not in gone and names(one.payload, work.user_id)]
        await work.run(delete(Delivery).where(col(Delivery.guild_id) == work.guild_id, col(Delivery.id).in_(gone)))
        new = [{"item": one.batch_key, "new": _rewritten(work, one.payload)} for one in kept]
        await work.run_many(change.values(payload=bindparam("new", type_=row.c.payload.type)), new)


async def erase_from_failures(work: Erasing) -> None:
    """Forget what could not be delivered where it names the member or carries what they wrote."""
    row = table_of(FailedDelivery)
    query = select(row.c.kind, row.c.payload).where(row.c.guild_id == work.guild_id)
    async for rows in work.in_batches(query, row.c.id):
        reviews = await _reviews(work, [one.payload for one in rows])
        gone = [one.batch_key for one in rows if reviews.carried_by(one.kind, one.payload) or names(one.payload, work.user_id)]
        ours = col(FailedDelivery.guild_id) == work.guild_id
        await work.run(delete(FailedDelivery).where(ours, col(FailedDelivery.id).in_(gone)))


async def _reviews(work: Erasing, payloads: Collection[Mapping[str, Any]]) -> _Reviews:
    numbers = {payload.get("review_id") for payload in payloads} - {None}
    if not numbers:
        return _Reviews(frozenset(), frozenset())
    written = select(col(Review.id)).where(
        col(Review.guild_id) == work.guild_id, col(Review.id).in_(numbers), col(Review.author_id) == work.user_id
    )
    graded = select(col(Assessment.review_id)).where(
        col(Assessment.guild_id) == work.guild_id,
        col(Assessment.review_id).in_(numbers),
        col(Assessment.curator_id) == work.user_id,
    )
    return _Reviews(*[frozenset(row[0] for row in await work.rows(query)) for query in (written, graded)])


def _is_theirs(user_id: int, item: Any, reviews: _Reviews) -> bool:
    payload: Mapping[str, Any] = item.payload
    return (
        item.stream == member_stream(user_id)
        or payload.get("user_id") == user_id
        or user_id in payload.get("mention_users", ())
        or reviews.carried_by(item.kind, payload)
    )


def _rewritten(work: Erasing, payload: Mapping[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = renamed(payload, work.user_id, work.pseudonym, work.said)
    if POSTING in payload:
        # The buttons are enough to find a card whose posting was interrupted.
        new[POSTING] = {kind: {**sent, "content": "", "embeds": []} for kind, sent in payload[POSTING].items()}
    return new
