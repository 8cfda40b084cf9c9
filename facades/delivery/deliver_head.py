"""Deliver what stands at the head of a stream: claim it, try, and write down what came of it."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Delivery, FailedDelivery
from db.queries.deliveries import find_delivery, has_items, head_items, remove_deliveries
from facades.app import App
from facades.delivery.cards import POSTING
from facades.delivery.change_member_roles import change_member_roles
from facades.delivery.send_feedback import send_feedback
from facades.delivery.send_file import send_file
from facades.delivery.send_log import group_entries, send_log
from facades.delivery.send_message import remove_message, send_direct_message, send_message
from facades.delivery.send_stream_summary import send_stream_summary
from facades.delivery.settlement import DONE, Settlement
from facades.delivery.sync_cards import (
    RequestState,
    TraineeReviewState,
    read_request,
    read_trainee_review,
    sync_cards,
    sync_trainee_card,
)
from facades.operations.report_error import report_error
from facades.shards import ShardsLost
from facades.transaction import LOG_STREAM, Transaction
from services.discord import UNKNOWN_MESSAGE, DiscordError, DiscordForbidden, DiscordGone, DiscordUnavailable
from util.identifiers import DeliveryKind, Route
from util.phrases import Phrase, phrase, user_mention
from util.texts import Text

log = structlog.get_logger()

MOST_TOGETHER = 50
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
ATTEMPTS_AT_OWN_MISTAKES = 8
"""An item that fails by a mistake of ours is given up at last: it would hold up its stream for ever."""


READERS: Final[Mapping[DeliveryKind, Callable[[AsyncSession, Delivery], Awaitable[RequestState | TraineeReviewState]]]] = {
    DeliveryKind.REQUEST_CARDS: read_request,
    DeliveryKind.TRAINEE_CARD: read_trainee_review,
}


@dataclass(frozen=True)
class Claim:
    """Items that are dealt with together, and what runs of cards are made from. `broken`: what went wrong when that was read."""

    items: Sequence[Delivery]
    state: RequestState | TraineeReviewState | None = None
    broken: Exception | None = None


async def deliver_head(app: App, *, guild_id: int, stream: str) -> bool:
    """Deliver the head of a stream; return whether to go on with the next item now.

    Raises `ShardsLost` when another process has taken the guild over: what was begun is that one's to finish.
    """
    async with app.deliveries.inside(guild_id):
        with structlog.contextvars.bound_contextvars(guild=guild_id, stream=stream):
            claim = await _claim(app, guild_id, stream)
            if claim is None:
                return False
            with structlog.contextvars.bound_contextvars(kind=claim.items[0].kind.value):
                return await _deliver(app, claim)


async def _deliver(app: App, claim: Claim) -> bool:
    items, head = claim.items, claim.items[0]
    try:
        settlement = await _attempt(app, claim)
    except DiscordUnavailable as error:
        await _postpone(app, items, str(error))
        return False
    except DiscordError as error:
        settlement = Settlement(failures=(error,))
    except ShardsLost:
        raise
    except Exception as error:
        # A mistake of ours must stop neither this stream for ever nor the others.
        if not app.shards.is_ours(head.guild_id):
            # The connection to the database was ended by whoever has taken over.
            raise ShardsLost from error
        await report_error(
            app,
            error,
            where=f"delivery:{head.kind.value}",
            guild_id=head.guild_id,
            user_id=None,
            options={},
            typed=_contents(items),
        )
        if head.attempts + 1 < ATTEMPTS_AT_OWN_MISTAKES:
            await _postpone(app, items, type(error).__name__)
            return False
        settlement = Settlement(failures=(DiscordError(f"bot: {type(error).__name__}"),))
    is_more_owed = await _settle(app, items, settlement)
    _count(app, items, "given_up" if settlement.failures else "delivered")
    return is_more_owed


def _contents(items: Sequence[Delivery]) -> frozenset[str]:
    """Return the texts of messages, which have no place in the log."""
    return frozenset(item.payload["content"] for item in items if isinstance(item.payload.get("content"), str))


def _count(app: App, items: Sequence[Delivery], outcome: str) -> None:
    app.metrics.deliveries.labels(items[0].kind.value, outcome).inc(len(items))


async def _claim(app: App, guild_id: int, stream: str) -> Claim | None:
    """Return the items that are dealt with together, marked as attempted; None when the head is not due.

    The mark is that of the first attempt: since then the message may be on Discord.
    """
    now = app.now()
    async with app.reading() as session:
        items = await head_items(session, guild_id, stream, MOST_TOGETHER)
        if not items or items[0].due_at > now:
            return None
        if items[0].kind in READERS:
            # One run of cards does for all that are owed: it reads the state after they were. Each card has a mark of its own;
            # see `PostedCard`.
            try:
                return Claim(items, await READERS[items[0].kind](session, items[0]))
            except Exception as error:  # noqa: BLE001 - raised where items that fail are dealt with
                return Claim(items, broken=error)
    settings = await app.guild(guild_id)
    async with app.writing(guild_id) as session:
        head, items = items[0], await head_items(session, guild_id, stream, MOST_TOGETHER)
        if not items or items[0].id != head.id:
            # It is gone, and what stands at the head now is looked at anew: it may be of another kind, or not due.
            return None
        items = await group_entries(session, items, settings) if items[0].kind is DeliveryKind.LOG else items[:1]
        for item in items:
            item.attempted_at = item.attempted_at or now
            session.add(item)
    return Claim(items)


async def _attempt(app: App, claim: Claim) -> Settlement:
    items = claim.items
    if claim.broken is not None:
        raise claim.broken
    match claim.state:
        case RequestState() as state:
            return await sync_cards(app, items, state)
        case TraineeReviewState() as state:
            return await sync_trainee_card(app, items, state)
        case None:
            pass
    match items[0].kind:
        case DeliveryKind.MEMBER_ROLES:
            return await change_member_roles(app, items[0])
        case DeliveryKind.REMOVAL:
            return await remove_message(app, items[0])
        case _:
            return await _attempt_message(app, items)


async def _attempt_message(app: App, items: Sequence[Delivery]) -> Settlement:
    try:
        match items[0].kind:
            case DeliveryKind.LOG:
                return await send_log(app, items)
            case DeliveryKind.DIRECT_MESSAGE:
                return await send_direct_message(app, items[0])
            case DeliveryKind.FEEDBACK:
                return await send_feedback(app, items[0])
            case DeliveryKind.STREAM_SUMMARY:
                return await send_stream_summary(app, items[0])
            case DeliveryKind.FILE:
                return await send_file(app, items[0])
            case _:
                return await send_message(app, items[0])
    except DiscordGone as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        # The nonce is known and its message is not: it was delivered before, and somebody has deleted it since.
        return DONE


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: growing, and never quite the same for two items."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts, 16))
    return timedelta(seconds=random.uniform(longest / 2, longest))


async def _postpone(app: App, items: Sequence[Delivery], reason: str) -> None:
    head = items[0]
    log.warning("delivery_postponed", attempts=head.attempts + 1, reason=reason)
    _count(app, items, "postponed")
    async with app.writing(head.guild_id) as session:
        item = await find_delivery(session, head.guild_id, head.id)
        if item is not None:
            item.attempts += 1
            item.due_at = app.now() + pause_after(item.attempts)
            item.last_error = reason[:400]
            session.add(item)


async def _settle(app: App, items: Sequence[Delivery], settlement: Settlement) -> bool:
    """Write down what came of it; return whether the stream may have more."""
    head = items[0]
    async with app.transaction(head.guild_id) as tx:
        await remove_deliveries(tx.session, head.guild_id, [item.id for item in items])
        if settlement.record is not None:
            await settlement.record(tx)
        for failure in settlement.failures:
            # Entries of the log share a message; what else was dealt with together is one thing.
            for item in items if head.kind is DeliveryKind.LOG else (head,):
                _give_up(app, tx, item, failure)
        return tx.owes or await has_items(tx.session, head.guild_id, head.stream)


def _give_up(app: App, tx: Transaction, item: Delivery, error: DiscordError) -> None:
    log.warning("delivery_given_up", reason=str(error))
    told = {key: value for key, value in item.payload.items() if key != POSTING}
    tx.session.add(
        FailedDelivery(guild_id=item.guild_id, kind=item.kind, payload=told, reason=str(error)[:400], failed_at=tx.now)  # pyright: ignore[reportCallIssue]
    )
    said, channel_id = _what(item), item.payload.get("channel_id")
    # What was meant for the log itself cannot be told there.
    if said is None or channel_id == tx.settings.channel(Route.LOG):
        return
    passed_over = app.failure_notices.count((item.guild_id, item.kind, channel_id), tx.now)
    if passed_over is None:
        return
    notice = tx.settings.say(Text.DELIVERY_FAILED, tx.settings.language, kind=said, reason=_why(error))
    if passed_over:
        notice += "\n" + tx.settings.say(Text.DELIVERY_FAILED_MORE, tx.settings.language, count=passed_over)
    tx.owe_message(LOG_STREAM, Route.LOG, notice)


def _what(item: Delivery) -> Phrase | Text | None:
    match item.kind:
        case DeliveryKind.MESSAGE if item.payload["route"] != Route.LOG:
            return phrase(Text.DELIVERY_MESSAGE, channel=item.payload["channel_id"])
        case DeliveryKind.STREAM_SUMMARY:
            return phrase(Text.DELIVERY_MESSAGE, channel=item.payload["channel_id"])
        case DeliveryKind.DIRECT_MESSAGE:
            return Text.DELIVERY_DIRECT_MESSAGE
        case DeliveryKind.REQUEST_CARDS:
            return phrase(Text.DELIVERY_REQUEST_CARDS, subject=item.payload["request_id"])
        case DeliveryKind.TRAINEE_CARD:
            return phrase(Text.DELIVERY_TRAINEE_CARD, subject=item.payload["review_id"])
        case DeliveryKind.FEEDBACK:
            return phrase(Text.DELIVERY_FEEDBACK, subject=item.payload["review_id"])
        case DeliveryKind.REMOVAL:
            return phrase(Text.DELIVERY_REMOVAL, channel=item.payload["channel_id"])
        case DeliveryKind.MEMBER_ROLES:
            return phrase(Text.DELIVERY_MEMBER_ROLES, member=user_mention(item.payload["user_id"]))
        case _:
            return None


def _why(error: DiscordError) -> Phrase | Text:
    match error:
        case DiscordGone():
            return Text.DELIVERY_REASON_GONE
        case DiscordForbidden():
            return Text.DELIVERY_REASON_FORBIDDEN
        case _ if error.status:
            return phrase(Text.DELIVERY_REASON_REFUSED, detail=f"{error.status}/{error.code}")
        case _:
            return Text.DELIVERY_REASON_BROKEN
