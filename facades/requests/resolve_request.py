"""Record a moderator's decision; the first one resolves the request."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from db.locks import lock_guild
from db.models import Request
from facades.app import App
from facades.requests.cast_cooldown import cast_cooldown
from facades.requests.find_request import get_request
from facades.requests.opinion_rules import AlreadyDecided, check_first, check_open
from facades.requests.owe_to_author import owe_decision, owe_review
from facades.requests.queue_state import open_if_drained
from facades.requests.store_opinion import store_opinion
from facades.requests.typed import read_reason, read_review
from facades.transaction import Transaction
from util.actor import Actor
from util.errors import BadInput
from util.identifiers import RESOLUTION_VERDICTS, CooldownKind, EventType, Flag, Parameter, RequestStatus, Stage, Verdict
from util.texts import Text


@dataclass(frozen=True)
class Resolution:
    """A decision that was taken. `first`: it resolved the request, so the author is told."""

    opinion_id: int
    verdict: Verdict
    level_name: str
    first: bool
    has_review: bool


async def resolve_request(
    app: App,
    *,
    actor: Actor,
    request_id: int,
    verdict: Verdict,
    review: str | None = None,
    comment: str | None = None,
    only_first: bool = False,
) -> Resolution:
    """Record a final decision, once for each moderator. `comment`: the reason, when rejecting.

    Raises `Forbidden`, `BadInput`, `RequestNotFound` or `AlreadyDecided`; with `only_first`, `RequestIsResolved` where somebody
    has decided before. Owes, in this order, the review, the cards and, for
    the first decision, the notice to the author; that one also casts the level's cooldown and may open the queue.
    """
    actor.require(Flag.GD_MOD)
    if verdict not in RESOLUTION_VERDICTS:
        raise BadInput(Text.ERROR_UNKNOWN_ACTION)
    text, note = read_review(review), read_reason(comment)
    try:
        async with app.transaction(actor.guild_id) as tx:
            await lock_guild(tx.session, tx.guild_id)
            request = await get_request(tx.session, tx.guild_id, request_id, lock=True)
            if only_first:
                check_open(request, Stage.MODERATOR)
            await check_first(tx.session, request, actor, Stage.MODERATOR)
            opinion, stored = await store_opinion(tx, request, actor, Stage.MODERATOR, verdict, reason=note, review=text)
            tx.log(
                EventType.RESOLUTION_ADDED,
                actor.user_id,
                request_id=request.id,
                level_id=request.level_id,
                verdict=verdict.value,
                reason=note,
                review_id=None if stored is None else stored.id,
            )
            if stored is not None:
                with_conclusion = tx.settings.flag_value(Parameter.REQUEST_APPEND_CONCLUSION_TO_FINAL_REVIEW)
                owe_review(tx, request, stored, with_conclusion=with_conclusion)
            tx.owe_cards(request.id)
            first = await _close_request(tx, request)
            if first:
                owe_decision(tx, request, verdict, moderator_id=actor.user_id, note=note)
                await _follow_up(tx, request, verdict)
    except IntegrityError as error:
        raise AlreadyDecided from error
    return Resolution(opinion.id, verdict, request.level_name, first, stored is not None)


async def _close_request(tx: Transaction, request: Request) -> bool:
    """Mark the request resolved; return whether it was pending until now."""
    statement = (
        update(Request)
        .where(
            col(Request.guild_id) == tx.guild_id,
            col(Request.id) == request.id,
            col(Request.status) == RequestStatus.PENDING,
        )
        .values(status=RequestStatus.RESOLVED, resolved_at=tx.now)
    )
    result: CursorResult[Any] = await tx.session.exec(statement)
    return result.rowcount > 0


async def _follow_up(tx: Transaction, request: Request, verdict: Verdict) -> None:
    """Do what follows from the first decision: the level's cooldown after a rejection, and the queue's reopening."""
    if verdict is Verdict.REJECT:
        duration = tx.settings.duration(Parameter.COOLDOWN_POST_REJECT_LEVEL_CD)
        await cast_cooldown(tx, CooldownKind.LEVEL, request.level_id, duration, request_id=request.id)
    await open_if_drained(tx)
