"""Remove the texts of reviews that are older than their guild keeps them (`retention.reviews`)."""

from datetime import datetime

from sqlalchemy import exists, or_, update
from sqlmodel import col, select

from db.models import Assessment, Request, Review
from facades.app import App
from facades.privacy.retention import BATCH, limits
from util.identifiers import Parameter, Stage


async def remove_old_reviews(app: App, guild_id: int = 0) -> None:
    """Empty them in all guilds, some at a time, with the feedback on trainees' ones; verdicts and grades stay, they count.

    A text stays until its request was decided for so long, and a trainee's one until a curator has graded it. What was posted
    stays posted.
    """
    for guild, moment in (await limits(app, Parameter.RETENTION_REVIEWS)).items():
        for stage in Stage:
            after = datetime.min.replace(tzinfo=moment.tzinfo)
            while (last := await _remove_some(app, guild, stage, after, moment)) is not None:
                after = last


async def _remove_some(app: App, guild_id: int, stage: Stage, after: datetime, before: datetime) -> datetime | None:
    """Empty the oldest from a moment on; return where to go on, None when there are no more."""
    decided = exists().where(
        col(Request.guild_id) == guild_id, col(Request.id) == Review.request_id, col(Request.resolved_at) < before
    )
    found = (
        select(Review.id, Review.created_at)
        .where(
            col(Review.guild_id) == guild_id,
            col(Review.stage) == stage,
            col(Review.created_at) >= after,
            col(Review.created_at) < before,
            col(Review.text) != "",
            or_(col(Review.request_id).is_(None), decided),
        )
        .order_by(col(Review.created_at))
        .limit(BATCH)
    )
    if stage is Stage.TRAINEE:
        found = found.where(exists().where(col(Assessment.guild_id) == guild_id, col(Assessment.review_id) == Review.id))
    async with app.database.transaction() as session:
        rows = (await session.exec(found)).all()
        numbers = [number for number, _ in rows]
        mine = (col(Review.guild_id) == guild_id, col(Review.id).in_(numbers))
        await session.exec(update(Review).where(*mine).values(text=""))
        feedback = (col(Assessment.guild_id) == guild_id, col(Assessment.review_id).in_(numbers))
        await session.exec(update(Assessment).where(*feedback).values(feedback=None))
    return rows[-1][1] if len(rows) == BATCH else None
