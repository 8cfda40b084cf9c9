"""Read a request, or a trainee's review, with everything that its cards show."""

from typing import Any, Final

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Assessment, Opinion, Request, Review
from facades.requests.request_view import OpinionView, RequestView, TraineeReviewView
from util.datatypes import MessageRef
from util.identifiers import Stage

# Asked for every card: put together once.
_GUILD: Final[BindParameter[Any]] = bindparam("guild_id")
_REQUEST: Final = select(Request).where(col(Request.guild_id) == _GUILD, col(Request.id) == bindparam("request_id"))
_OPINIONS: Final = (
    select(Opinion, Review)
    .outerjoin(Review, (col(Review.opinion_id) == Opinion.id) & (col(Review.guild_id) == _GUILD))
    .where(
        col(Opinion.guild_id) == _GUILD,
        col(Opinion.request_id) == bindparam("request_id"),
        col(Opinion.stage).in_((Stage.REVIEWER, Stage.MODERATOR)),
    )
    .order_by(col(Opinion.id))
)


async def load_request_view(session: AsyncSession, guild_id: int, request_id: int) -> RequestView | None:
    """Return a request as its cards show it, None when it does not exist; what trainees think is not part of it."""
    request = (await session.exec(_REQUEST, params={"guild_id": guild_id, "request_id": request_id})).one_or_none()
    if request is None:
        return None
    opinions = await _opinions(session, guild_id, request_id)
    return RequestView(
        id=request.id,
        guild_id=guild_id,
        level_id=request.level_id,
        level_name=request.level_name,
        level=request.level,
        language=request.language,
        showcase=request.showcase,
        comment=request.comment,
        author_id=request.author_id,
        creator_name=request.creator_name,
        status=request.status,
        created_at=request.created_at,
        resolved_at=request.resolved_at,
        inserted_by=request.inserted_by,
        opinions=tuple(view for stage, view in opinions if stage is Stage.REVIEWER),
        resolutions=tuple(view for stage, view in opinions if stage is Stage.MODERATOR),
    )


async def _opinions(session: AsyncSession, guild_id: int, request_id: int) -> list[tuple[Stage, OpinionView]]:
    rows = await session.exec(_OPINIONS, params={"guild_id": guild_id, "request_id": request_id})
    return [(opinion.stage, _opinion(opinion, review)) for opinion, review in rows]


def _opinion(opinion: Opinion, review: Review | None) -> OpinionView:
    place: MessageRef | None = None
    if review is not None and review.channel_id is not None and review.message_id is not None:
        place = MessageRef(review.channel_id, review.message_id)
    return OpinionView(
        author_id=opinion.author_id,
        verdict=opinion.verdict,
        reason=opinion.reason,
        # What is left of a review whose text is gone is where it was posted, if it still is.
        has_review=review is not None and bool(review.text or place),
        review=place,
        created_at=opinion.created_at,
    )


async def load_trainee_review_view(session: AsyncSession, guild_id: int, review_id: int) -> TraineeReviewView | None:
    """Return a trainee's review as its card shows it, None when there is none with that number."""
    query = (
        select(Review, Opinion, Request, Assessment)
        .outerjoin(Opinion, (col(Opinion.id) == Review.opinion_id) & (col(Opinion.guild_id) == guild_id))
        .outerjoin(Request, (col(Request.id) == Review.request_id) & (col(Request.guild_id) == guild_id))
        .outerjoin(Assessment, (col(Assessment.review_id) == Review.id) & (col(Assessment.guild_id) == guild_id))
        .where(col(Review.guild_id) == guild_id, col(Review.id) == review_id, col(Review.stage) == Stage.TRAINEE)
    )
    found = (await session.exec(query)).one_or_none()
    return None if found is None else _trainee_review(*found)


def _trainee_review(
    review: Review, opinion: Opinion | None, request: Request | None, assessment: Assessment | None
) -> TraineeReviewView:
    return TraineeReviewView(
        id=review.id,
        guild_id=review.guild_id,
        request_id=review.request_id,
        level_id=review.level_id,
        # The request may have been deleted since; its level's number is all that is left then.
        level_name=request.level_name if request else str(review.level_id),
        language=review.language,
        author_id=review.author_id,
        verdict=review.verdict,
        reason=opinion.reason if opinion else None,
        text=review.text,
        created_at=review.created_at,
        approved=assessment.approved if assessment else None,
        curator_id=assessment.curator_id if assessment else None,
        feedback=assessment.feedback if assessment else None,
    )
