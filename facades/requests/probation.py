"""How a trainee's probation stands: what was graded since it began, and what was decided about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Assessment, Event, EventField, Review
from util.canonical import indexed
from util.identifiers import EventType, Stage

DECISIONS = (EventType.TRAINEE_PROMOTED, EventType.TRAINEE_EXPELLED)


@dataclass(frozen=True)
class Decision:
    """What was decided about a trainee last, when and by whom."""

    promoted: bool
    at: datetime
    by: int | None


@dataclass(frozen=True)
class Probation:
    """A trainee's figures since the probation began. `since`: when its first review was written; None: there is none."""

    trainee_id: int
    assessed: int
    approved: int
    since: datetime | None

    @property
    def percentage(self) -> int | None:
        """How many in a hundred graded reviews were approved; None while none is graded."""
        return round(100 * self.approved / self.assessed) if self.assessed else None


async def last_decision(session: AsyncSession, guild_id: int, trainee_id: int) -> Decision | None:
    """Return what was decided about a trainee last; somebody may be a trainee again after that."""
    query = (
        select(Event)
        .join(EventField, col(EventField.event_id) == Event.id)
        .where(
            col(EventField.guild_id) == guild_id,
            col(EventField.key) == "trainee_id",
            col(EventField.value) == indexed(trainee_id),
            col(Event.guild_id) == guild_id,
            col(Event.type).in_(DECISIONS),
        )
        .order_by(col(EventField.event_id).desc())
        .limit(1)
    )
    event = (await session.exec(query)).first()
    return None if event is None else Decision(event.type is EventType.TRAINEE_PROMOTED, event.at, event.actor_id)


async def load_probation(session: AsyncSession, guild_id: int, trainee_id: int) -> Probation:
    """Return the figures of a trainee's present probation: what came after the last decision."""
    decision = await last_decision(session, guild_id, trainee_id)
    grades = select(func.count(), func.count().filter(col(Assessment.approved).is_(True))).where(
        col(Assessment.guild_id) == guild_id, col(Assessment.trainee_id) == trainee_id
    )
    first = select(Review.created_at).where(
        col(Review.guild_id) == guild_id, col(Review.author_id) == trainee_id, col(Review.stage) == Stage.TRAINEE
    )
    if decision is not None:
        grades = grades.where(col(Assessment.created_at) > decision.at)
        first = first.where(col(Review.created_at) > decision.at)
    assessed, approved = (await session.exec(grades)).one()
    since = (await session.exec(first.order_by(col(Review.id)).limit(1))).first()
    return Probation(trainee_id, assessed, approved, since)
