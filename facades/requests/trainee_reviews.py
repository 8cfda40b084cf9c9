"""Find a trainee's review that waits for its grade."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Assessment, Review
from util.errors import Conflict, NotFound, Refused
from util.identifiers import Stage
from util.phrases import user_mention
from util.texts import Text


class TraineeReviewNotFound(NotFound):
    """There is no such trainee's review in this guild."""

    def __init__(self) -> None:
        super().__init__(Text.ASSESSMENT_REFUSED_UNKNOWN)


class OwnReview(Refused):
    """Nobody grades what they have written themselves."""

    def __init__(self) -> None:
        super().__init__(Text.ASSESSMENT_REFUSED_OWN)


class AlreadyAssessed(Conflict):
    """A curator has graded the review."""

    def __init__(self, assessment: Assessment) -> None:
        who = user_mention(assessment.curator_id)
        super().__init__(Text.ASSESSMENT_REFUSED_REPEATED, who=who, when=assessment.created_at)


async def trainee_reviews_of(session: AsyncSession, guild_id: int, request_id: int) -> Sequence[int]:
    """Return the numbers of trainees' reviews of a request."""
    query = select(Review.id).where(
        col(Review.guild_id) == guild_id, col(Review.request_id) == request_id, col(Review.stage) == Stage.TRAINEE
    )
    return (await session.exec(query.order_by(col(Review.id)))).all()


async def get_ungraded_review(session: AsyncSession, guild_id: int, review_id: int, *, curator_id: int) -> Review:
    """Return a trainee's review that has no grade yet and is not the curator's own.

    Raises `TraineeReviewNotFound`, `OwnReview` or `AlreadyAssessed`.
    """
    query = select(Review).where(
        col(Review.guild_id) == guild_id, col(Review.id) == review_id, col(Review.stage) == Stage.TRAINEE
    )
    review = (await session.exec(query)).first()
    if review is None:
        raise TraineeReviewNotFound
    if review.author_id == curator_id:
        raise OwnReview
    grades = select(Assessment).where(col(Assessment.guild_id) == guild_id, col(Assessment.review_id) == review_id)
    assessment = (await session.exec(grades)).first()
    if assessment is not None:
        raise AlreadyAssessed(assessment)
    return review
