"""Draw a request by lot, each with the same probability, without looking at all of them."""

import random
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Request

SAMPLE = 200
"""Numbers drawn at once; where every fiftieth request or more fits, these serve nearly always."""


async def draw_request(
    session: AsyncSession, among: Sequence[ColumnElement[bool]], fitting: Sequence[ColumnElement[bool]] = ()
) -> int | None:
    """Return the number of a request, None when none fits.

    `among` (the guild, and a status perhaps) must be served by an index that ends with the number; `fitting`: what else must be
    true. Numbers are drawn from the range of the former and those that hit are kept: that looks at a fixed number of rows
    however many there are, and gaps between numbers favour nobody. Only when none hits, because the guild is one of many or
    nearly nothing fits, what fits is counted and one of it taken.
    """
    least, most = await request_at_end(session, among, newest=False), await request_at_end(session, among, newest=True)
    if least is None or most is None:
        return None
    numbers = range(least, most + 1)
    drawn = random.sample(numbers, min(SAMPLE, len(numbers)))
    wanted = (*among, *fitting)
    hits = set((await session.exec(select(Request.id).where(*wanted, col(Request.id).in_(drawn)))).all())
    for number in drawn:
        if number in hits:
            return number
    if len(drawn) == len(numbers):
        return None
    count = (await session.exec(select(func.count()).select_from(Request).where(*wanted))).one()
    if count == 0:
        return None
    query = select(Request.id).where(*wanted).order_by(col(Request.id)).offset(random.randrange(count)).limit(1)
    return (await session.exec(query)).first()


async def request_at_end(session: AsyncSession, among: Sequence[ColumnElement[bool]], *, newest: bool) -> int | None:
    """Return the number of the newest or oldest request, None when there is none."""
    number = col(Request.id)
    query = select(Request.id).where(*among).order_by(number.desc() if newest else number)
    return (await session.exec(query.limit(1))).first()
