"""Pick a request for a trainee to practise on."""

import random

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Opinion, Request
from facades.app import App
from facades.requests.load_request_view import load_request_view
from facades.requests.request_view import RequestView
from util.actor import Actor
from util.errors import NotFound, Refused
from util.identifiers import Flag, Stage
from util.texts import Text

SAMPLE = 200
"""Numbers drawn at once; a guild that made every fiftieth request or more is served by these nearly always."""


class NothingToPick(NotFound):
    """The trainee has reviewed every request there is, or there is none yet."""

    def __init__(self, *, any_request: bool) -> None:
        super().__init__(Text.TRAINEE_PICK_REFUSED_ALL if any_request else Text.TRAINEE_PICK_REFUSED_NONE)


class NoTraineeAnyMore(Refused):
    """A reviewer's review would be published, and not on what is resolved."""

    def __init__(self) -> None:
        super().__init__(Text.TRAINEE_PICK_REFUSED_REVIEWER)


async def pick_for_trainee(app: App, *, actor: Actor) -> RequestView:
    """Return a random request, pending or resolved, that the trainee has not reviewed.

    Raises `Forbidden`, `NoTraineeAnyMore` or `NothingToPick`.
    """
    actor.require(Flag.TRAINEE)
    if not actor.is_trainee:
        raise NoTraineeAnyMore
    async with app.reading() as session:
        request_id = await _pick(session, actor.guild_id, actor.user_id)
        found = None if request_id is None else await load_request_view(session, actor.guild_id, request_id)
        if found is None:
            raise NothingToPick(any_request=await _end(session, actor.guild_id, newest=True) is not None)
    return found


async def _pick(session: AsyncSession, guild_id: int, trainee_id: int) -> int | None:
    """Return the number of a request, each of those not reviewed with the same probability.

    Numbers are drawn from the guild's range and those that hit are kept: that looks at a fixed number of rows however many
    there are, and gaps between numbers favour nobody. Only when none hits, because the guild is one of many or the trainee
    has reviewed nearly everything, the rest is counted and one of it taken.
    """
    least, most = await _end(session, guild_id, newest=False), await _end(session, guild_id, newest=True)
    if least is None or most is None:
        return None
    numbers = range(least, most + 1)
    drawn = random.sample(numbers, min(SAMPLE, len(numbers)))
    open_ones = _open_to(guild_id, trainee_id)
    hits = set((await session.exec(select(Request.id).where(*open_ones, col(Request.id).in_(drawn)))).all())
    for number in drawn:
        if number in hits:
            return number
    if len(drawn) == len(numbers):
        return None
    count = (await session.exec(select(func.count()).select_from(Request).where(*open_ones))).one()
    if count == 0:
        return None
    query = select(Request.id).where(*open_ones).order_by(col(Request.id)).offset(random.randrange(count)).limit(1)
    return (await session.exec(query)).first()


def _open_to(guild_id: int, trainee_id: int) -> tuple[ColumnElement[bool], ...]:
    reviewed = select(Opinion.id).where(
        col(Opinion.guild_id) == guild_id,
        col(Opinion.request_id) == Request.id,
        col(Opinion.author_id) == trainee_id,
        col(Opinion.stage) == Stage.TRAINEE,
    )
    return col(Request.guild_id) == guild_id, ~reviewed.exists()


async def _end(session: AsyncSession, guild_id: int, *, newest: bool) -> int | None:
    number = col(Request.id)
    query = select(Request.id).where(col(Request.guild_id) == guild_id).order_by(number.desc() if newest else number)
    return (await session.exec(query.limit(1))).first()
