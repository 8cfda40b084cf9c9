"""Show what erasing somebody would do, before it is confirmed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Assessment, Cooldown, Event, Opinion, Request, Review
from facades.app import App
from facades.privacy.whose import whose
from util.actor import Actor
from util.identifiers import CooldownKind, RequestStatus


@dataclass(frozen=True)
class Erasable:
    """How much is stored of somebody. `held_until`: when a cooldown of theirs ends; `is_held_back` without it: never."""

    user_id: int
    pending: int
    resolved: int
    opinions: int
    reviews: int
    grades: int
    events: int
    is_held_back: bool
    held_until: datetime | None


async def prepare_erasure(app: App, *, actor: Actor, user_id: int) -> Erasable:
    """Return how much there is of somebody in the actor's guild. Raises `OnlyYourOwn`."""
    whose(actor, user_id)
    guild_id = actor.guild_id
    theirs = or_(col(Request.author_id) == user_id, col(Request.inserted_by) == user_id)
    graded = or_(col(Assessment.trainee_id) == user_id, col(Assessment.curator_id) == user_id)
    async with app.reading() as session:
        held = await _cooldown(session, guild_id, user_id, app.now())
        return Erasable(
            user_id=user_id,
            pending=await _count(
                session, Request, guild_id, col(Request.author_id) == user_id, col(Request.status) == RequestStatus.PENDING
            ),
            resolved=await _count(session, Request, guild_id, theirs, col(Request.status) == RequestStatus.RESOLVED),
            opinions=await _count(session, Opinion, guild_id, col(Opinion.author_id) == user_id),
            reviews=await _count(session, Review, guild_id, col(Review.author_id) == user_id),
            grades=await _count(session, Assessment, guild_id, graded),
            events=await _count(session, Event, guild_id, col(Event.actor_id) == user_id),
            is_held_back=held is not None,
            held_until=None if held is None else held.ends_at,
        )


async def _count(session: AsyncSession, model: Any, guild_id: int, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(model).where(col(model.guild_id) == guild_id, *conditions)
    return (await session.exec(query)).one()


async def _cooldown(session: AsyncSession, guild_id: int, user_id: int, now: datetime) -> Cooldown | None:
    query = select(Cooldown).where(
        col(Cooldown.guild_id) == guild_id,
        col(Cooldown.kind) == CooldownKind.USER,
        col(Cooldown.entity_id) == user_id,
        or_(col(Cooldown.ends_at).is_(None), col(Cooldown.ends_at) > now),
    )
    return (await session.exec(query)).first()
