"""Queries of the job table: which jobs are due, and who does them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, delete, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Job
from db.upsert import upsert


async def schedule_job(session: AsyncSession, name: str, guild_id: int, due_at: datetime, *, keep: bool = False) -> None:
    """Put a job into the table or move it to another time; with `keep`, one that is there stays as it is."""
    values = {"due_at": due_at, "attempts": 0}
    await upsert(session, Job, {"name": name, "guild_id": guild_id}, values, only_if=col(Job.name) != name if keep else None)


async def due_jobs(session: AsyncSession, names: Collection[str], now: datetime) -> Sequence[Job]:
    """Return the jobs of all guilds that are due and that nobody is doing, the longest due first."""
    query = select(Job).where(col(Job.name).in_(names), col(Job.due_at) <= now, _free(now)).order_by(col(Job.due_at))
    return (await session.exec(query)).all()


async def next_job_at(session: AsyncSession, names: Collection[str]) -> datetime | None:
    """Return when the next job comes up: is due, or can be taken over from a process that died."""
    query = select(func.min(Job.due_at)).where(col(Job.name).in_(names), col(Job.leased_until).is_(None))
    leased = select(func.min(Job.leased_until)).where(col(Job.name).in_(names))
    moments = [(await session.exec(query)).one(), (await session.exec(leased)).one()]
    return min((moment for moment in moments if moment is not None), default=None)


async def take_job(session: AsyncSession, job: Job, lease: str, now: datetime, until: datetime) -> bool:
    """Take a due job for oneself; return False when another process was faster."""
    statement = update(Job).where(*_same(job), col(Job.due_at) <= now, _free(now)).values(lease=lease, leased_until=until)
    return await _changed(session, statement)


async def finish_job(session: AsyncSession, job: Job, lease: str, next_due: datetime | None, attempts: int) -> bool:
    """Give a job back with its next due time (None: remove it); return False when the lease had been lost."""
    ours = (*_same(job), col(Job.lease) == lease)
    if next_due is None:
        return await _changed(session, delete(Job).where(*ours))
    values = {"due_at": next_due, "attempts": attempts, "lease": None, "leased_until": None}
    return await _changed(session, update(Job).where(*ours).values(**values))


def _same(job: Job) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Job.name) == job.name, col(Job.guild_id) == job.guild_id


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Job.leased_until).is_(None), col(Job.leased_until) < now)


async def _changed(session: AsyncSession, statement: Update | Delete) -> bool:
    result = await session.exec(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount > 0
