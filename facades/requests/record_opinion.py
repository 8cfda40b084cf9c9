"""Take one opinion inside a transaction: the row, the event, and what is owed for it."""

from db.models import Opinion, Request, Review
from facades.requests.opinion_rules import check_first, check_open
from facades.requests.owe_to_author import owe_review
from facades.requests.store_opinion import store_opinion
from facades.transaction import Transaction
from util.actor import Actor
from util.identifiers import EventType, Parameter, Stage, Verdict


async def record_opinion(
    tx: Transaction,
    request: Request,
    actor: Actor,
    stage: Stage,
    verdict: Verdict,
    *,
    reason: str | None = None,
    review: str | None = None,
) -> tuple[Opinion, Review | None]:
    """Record what a person thinks of a request, which the caller has locked.

    Raises `RequestIsResolved` or `AlreadyJudged`, and SQLAlchemy's `IntegrityError` when two at once passed the check for the
    latter. Owes the review to the author and the cards; of a trainee, only the curators' card.
    """
    check_open(request, stage)
    await check_first(tx.session, request, actor, stage)
    opinion, stored = await store_opinion(tx, request, actor, stage, verdict, reason=reason, review=review)
    tx.log(
        EventType.TRAINEE_REVIEW_ADDED if stage is Stage.TRAINEE else EventType.OPINION_ADDED,
        actor.user_id,
        request_id=request.id,
        level_id=request.level_id,
        verdict=verdict.value,
        reason=reason,
        review_id=None if stored is None else stored.id,
    )
    _owe(tx, request, stage, stored)
    return opinion, stored


def _owe(tx: Transaction, request: Request, stage: Stage, review: Review | None) -> None:
    if stage is Stage.TRAINEE:
        if review is not None:
            tx.owe_trainee_card(review.id)
        return
    if review is not None:
        with_conclusion = tx.settings.flag_value(Parameter.REQUEST_APPEND_CONCLUSION_TO_REVIEW)
        owe_review(tx, request, review, with_conclusion=with_conclusion)
    tx.owe_cards(request.id)
