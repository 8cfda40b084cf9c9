"""Check whether a curator may grade a trainee's review, before the form opens."""

from facades.app import App
from facades.requests.trainee_reviews import get_ungraded_review
from util.actor import Actor
from util.identifiers import Flag


async def prepare_assessment(app: App, *, actor: Actor, review_id: int) -> None:
    """Run the checks of an assessment. Raises `Forbidden`, `TraineeReviewNotFound`, `OwnReview` or `AlreadyAssessed`."""
    actor.require(Flag.TRAINEE_SUPERVISOR)
    async with app.reading() as session:
        await get_ungraded_review(session, actor.guild_id, review_id, curator_id=actor.user_id)
