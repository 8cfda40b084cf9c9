"""Take a member out of requests, opinions and reviews; pending requests of theirs are withdrawn."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlmodel import col

from db.models import Assessment, Delivery, Opinion, PostedCard, Request, Review
from db.personal_data import table_of
from facades.privacy.erasing import BATCH, Erasing
from facades.requests.queue_state import open_if_drained
from facades.transaction import request_stream, trainee_review_stream
from util.datatypes import MessageRef
from util.identifiers import CardKind, EventType, RequestStatus, Stage

REQUEST_CARDS = (CardKind.REVIEWER, CardKind.RESOLUTION, CardKind.ARCHIVE)


async def withdraw_requests(work: Erasing) -> None:
    """Delete the member's pending requests as `/request delete` does, each with its event."""
    request = table_of(Request)
    query = select(request.c.id, request.c.level_id, request.c.level_name, request.c.status).where(
        request.c.guild_id == work.guild_id,
        request.c.author_id == work.user_id,
        request.c.status == RequestStatus.PENDING,
    )
    tx, withdrawn = work.tx, await work.rows(query.with_for_update())
    for one in withdrawn:
        await work.run(delete(Request).where(col(Request.guild_id) == work.guild_id, col(Request.id) == one.id))
        tx.log(
            EventType.REQUEST_DELETED,
            work.pseudonym,
            request_id=one.id,
            level_id=one.level_id,
            level_name=one.level_name,
            author_id=work.pseudonym,
            creator_name=None,
            status=one.status.value,
        )
        work.requests.add(one.id)
    work.withdrawn += len(withdrawn)
    if withdrawn and await open_if_drained(tx):
        work.queue_opened = True


async def find_what_shows_it(work: Erasing) -> None:
    """Note whose cards name the member or show what they wrote, and which messages are their reviews."""
    request, opinion, review = table_of(Request), table_of(Opinion), table_of(Review)
    theirs = or_(request.c.author_id == work.user_id, request.c.inserted_by == work.user_id)
    of_requests = select(request.c.status).where(request.c.guild_id == work.guild_id, theirs)
    async for rows in work.in_batches(of_requests, request.c.id):
        work.requests.update([row.batch_key for row in rows])
    judged = select(opinion.c.request_id).where(
        opinion.c.guild_id == work.guild_id, opinion.c.author_id == work.user_id, opinion.c.stage != Stage.TRAINEE
    )
    async for rows in work.in_batches(judged, opinion.c.id):
        work.requests.update([row.request_id for row in rows])
    written = select(review.c.stage, review.c.channel_id, review.c.message_id, review.c.further_messages).where(
        review.c.guild_id == work.guild_id, review.c.author_id == work.user_id
    )
    async for rows in work.in_batches(written, review.c.id):
        work.practice.update([row.batch_key for row in rows if row.stage is Stage.TRAINEE])
        for row in rows:
            work.messages.update(_messages(row))
    graded = select(col(Assessment.approved)).where(
        col(Assessment.guild_id) == work.guild_id, col(Assessment.curator_id) == work.user_id
    )
    async for rows in work.in_batches(graded, col(Assessment.review_id)):
        work.practice.update([row.batch_key for row in rows])


def _messages(review: Any) -> list[MessageRef]:
    if review.channel_id is None:
        return []
    numbers = [review.message_id, *(review.further_messages or ())]
    return [MessageRef(review.channel_id, number) for number in numbers if number is not None]


async def erase_texts(work: Erasing) -> None:
    """Empty what the member wrote about requests. Practice that nobody has graded goes altogether: nothing is left to grade."""
    theirs = (col(Review.guild_id) == work.guild_id, col(Review.author_id) == work.user_id)
    graded = exists().where(col(Assessment.review_id) == col(Review.id))
    work.reviews += await work.run(delete(Review).where(*theirs, col(Review.stage) == Stage.TRAINEE, ~graded))
    unposted = {"channel_id": None, "message_id": None, "further_messages": None}
    work.reviews += await work.run(update(Review).where(*theirs).values(text="", **unposted))
    own = or_(
        col(Request.inserted_by) == work.user_id,
        col(Request.inserted_by).is_(None) & (col(Request.author_id) == work.user_id),
    )
    typed = or_(col(Request.comment).is_not(None), col(Request.showcase).is_not(None))
    await work.run(update(Request).where(col(Request.guild_id) == work.guild_id, own, typed).values(comment=None, showcase=None))


async def shown_requests(work: Erasing) -> tuple[list[int], list[int]]:
    """Return those of the noted requests that have cards or shall have some, newest first: resolved ones apart, as the second."""
    numbers = sorted(work.requests, reverse=True)
    pressing: list[int] = []
    resolved: list[int] = []
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        states = select(col(Request.id)).where(
            col(Request.guild_id) == work.guild_id, col(Request.id).in_(part), col(Request.status) == RequestStatus.RESOLVED
        )
        done = {row[0] for row in await work.rows(states)}
        shown = await _shown(work, part, REQUEST_CARDS, request_stream)
        pressing += [number for number in part if number not in done]
        resolved += [number for number in part if number in done and number in shown]
    return pressing, resolved


async def shown_practice(work: Erasing) -> list[int]:
    """Return those of the noted trainees' reviews that have a card or are just getting one, newest first."""
    numbers = sorted(work.practice, reverse=True)
    found: list[int] = []
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        shown = await _shown(work, part, (CardKind.TRAINEE_REVIEW,), trainee_review_stream)
        found += [number for number in part if number in shown]
    return found


async def _shown(
    work: Erasing, subjects: Collection[int], kinds: Collection[CardKind], stream_of: Callable[[int], str]
) -> set[int]:
    """Return which subjects have cards, or something that is owed: it may be just being posted, as it was before."""
    posted = select(col(PostedCard.subject_id)).where(
        col(PostedCard.guild_id) == work.guild_id, col(PostedCard.kind).in_(kinds), col(PostedCard.subject_id).in_(subjects)
    )
    streams = {stream_of(subject): subject for subject in subjects}
    owed = select(col(Delivery.stream)).where(col(Delivery.guild_id) == work.guild_id, col(Delivery.stream).in_(streams))
    return {row[0] for row in await work.rows(posted)} | {streams[row[0]] for row in await work.rows(owed.distinct())}
