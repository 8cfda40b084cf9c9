"""Grade a trainee's review."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from db.models import Assessment
from facades.app import App
from facades.requests.owe_feedback import owe_feedback
from facades.requests.probation import Probation, load_probation
from facades.requests.trainee_reviews import get_ungraded_review
from facades.requests.typed import read_feedback
from util.actor import Actor
from util.identifiers import EventType, Flag, Parameter


@dataclass(frozen=True)
class AssessedReview:
    """A grade that was given. `probation`: the trainee's figures, once there are enough grades to decide."""

    review_id: int
    trainee_id: int
    approved: bool
    feedback: str | None
    probation: Probation | None = None


async def assess_trainee_review(
    app: App, *, actor: Actor, review_id: int, approved: bool, feedback: str | None = None
) -> AssessedReview:
    """Grade a trainee's review, once.

    Raises `Forbidden`, `BadInput`, `TraineeReviewNotFound`, `OwnReview` or `AlreadyAssessed`. Owes the review's card, and the
    feedback in a thread under it.
    """
    actor.require(Flag.TRAINEE_SUPERVISOR)
    advice = read_feedback(feedback)
    try:
        async with app.transaction(actor.guild_id) as tx:
            review = await get_ungraded_review(tx.session, tx.guild_id, review_id, curator_id=actor.user_id)
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
            if advice is not None:
                await owe_feedback(tx, review, curator_id=actor.user_id, approved=approved, feedback=advice)
            probation = await load_probation(tx.session, tx.guild_id, review.author_id)
            due = probation.assessed >= tx.settings.number(Parameter.TRAINEE_RESOLVED_REVIEWS_FOR_PROMOTION_DECISION)
    except IntegrityError:
        # Somebody else was faster; looking again says who.
        async with app.reading() as session:
            await get_ungraded_review(session, actor.guild_id, review_id, curator_id=actor.user_id)
        raise
    return AssessedReview(review.id, review.author_id, approved, advice, probation if due else None)
