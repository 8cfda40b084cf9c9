"""Grade a trainee's review."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from db.models import Assessment
from facades.app import App
from facades.requests.trainee_reviews import get_ungraded_review
from facades.requests.typed import read_feedback
from util.actor import Actor
from util.identifiers import EventType, Flag


@dataclass(frozen=True)
class AssessedReview:
    """A grade that was given."""

    review_id: int
    trainee_id: int
    approved: bool
    feedback: str | None


async def assess_trainee_review(
    app: App, *, actor: Actor, review_id: int, approved: bool, feedback: str | None = None
) -> AssessedReview:
    """Grade a trainee's review, once.

    Raises `Forbidden`, `BadInput`, `TraineeReviewNotFound` or `AlreadyAssessed`. Owes the review's card.
    """
    actor.require(Flag.TRAINEE_SUPERVISOR)
    advice = read_feedback(feedback)
    try:
        async with app.transaction(actor.guild_id) as tx:
            review = await get_ungraded_review(tx.session, tx.guild_id, review_id)
            tx.session.add(
                Assessment(
                    review_id=review.id,
                    guild_id=tx.guild_id,
                    trainee_id=review.author_id,
                    curator_id=actor.user_id,
                    approved=approved,
                    feedback=advice,
                    created_at=tx.now,
                )
            )
            await tx.session.flush()
            tx.log(
                EventType.TRAINEE_REVIEW_ASSESSED,
                actor.user_id,
                review_id=review.id,
                trainee_id=review.author_id,
                approved=approved,
                feedback=advice,
            )
            tx.owe_trainee_card(review.id)
    except IntegrityError:
        # Somebody else was faster; looking again says who.
        async with app.reading() as session:
            await get_ungraded_review(session, actor.guild_id, review_id)
        raise
    return AssessedReview(review.id, review.author_id, approved, advice)
