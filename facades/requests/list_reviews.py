"""List the reviews of a level, or by a user, the newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.keyset import BadKey, keyset_page
from db.models import Assessment, Review
from db.queries.levels import level_names
from facades.app import App
from facades.requests.request_rules import check_level_id
from util.actor import Actor
from util.datatypes import MessageRef
from util.errors import NotFound
from util.identifiers import Flag, Stage, Verdict
from util.paging import Cursor, Page
from util.texts import Text

PAGE_SIZE = 5
STAFF = (Flag.REVIEWER, Flag.GD_MOD, Flag.TRAINEE_SUPERVISOR)
"""Who may read everything that somebody wrote: trainees' reviews are among it."""


@dataclass(frozen=True)
class ReviewView:
    """A review. `level_name` None: no request tells it. `approved`: what a curator said of a trainee's one, None: nothing yet."""

    id: int
    level_id: int
    level_name: str | None
    author_id: int
    by_trainee: bool
    approved: bool | None
    verdict: Verdict
    text: str
    created_at: datetime
    message: MessageRef | None


async def list_reviews_of_level(app: App, *, actor: Actor, level_id: int, cursor: Cursor, room: int) -> Page[ReviewView]:
    """Return a page of the reviews of a level, trainees' ones left out. Raises `NotFound` for a place that no page was given.

    A page ends before its texts are longer than `room`, but has one review at least.
    """
    check_level_id(level_id)
    return await _page(app, actor, cursor, room, col(Review.level_id) == level_id, col(Review.stage) != Stage.TRAINEE)


async def list_reviews_by_user(app: App, *, actor: Actor, author_id: int, cursor: Cursor, room: int) -> Page[ReviewView]:
    """Return a page of the reviews by a user, those as a trainee among them.

    Raises `Forbidden` unless the actor belongs to the staff who review or teach, or `NotFound` as above.
    """
    actor.require(*STAFF)
    return await _page(app, actor, cursor, room, col(Review.author_id) == author_id)


async def _page(app: App, actor: Actor, cursor: Cursor, room: int, *conditions: Any) -> Page[ReviewView]:
    query = select(Review).where(col(Review.guild_id) == actor.guild_id, *conditions)
    async with app.reading() as session:
        try:
            page = await keyset_page(session, query, [Review.id], cursor, size=PAGE_SIZE, descending=True)
        except BadKey as error:
            raise NotFound(Text.ERROR_UNKNOWN_ACTION) from error
        rows = page.fitting(cursor, room, lambda review: len(review.text), lambda review: str(review.id))
        names = await level_names(session, actor.guild_id, {review.level_id for review in rows.rows})
        approved = await _approved(session, actor.guild_id, [review.id for review in rows.rows])
    return rows.map(lambda review: _view(review, names.get(review.level_id), approved.get(review.id)))


async def _approved(session: AsyncSession, guild_id: int, review_ids: Collection[int]) -> dict[int, bool]:
    query = select(Assessment.review_id, Assessment.approved).where(
        col(Assessment.guild_id) == guild_id, col(Assessment.review_id).in_(review_ids)
    )
    return dict((await session.exec(query)).all()) if review_ids else {}


def _view(review: Review, level_name: str | None, approved: bool | None) -> ReviewView:
    posted = review.channel_id is not None and review.message_id is not None
    return ReviewView(
        id=review.id,
        level_id=review.level_id,
        level_name=level_name,
        author_id=review.author_id,
        by_trainee=review.stage is Stage.TRAINEE,
        approved=approved,
        verdict=review.verdict,
        text=review.text,
        created_at=review.created_at,
        message=MessageRef(review.channel_id or 0, review.message_id or 0) if posted else None,
    )
