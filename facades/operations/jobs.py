"""Do the jobs of the job table when they are due, once among all processes."""

import asyncio
import uuid
from collections.abc import Iterable
from datetime import timedelta

import structlog

from db.models import Job
from db.queries.jobs import due_jobs, finish_job, next_job_at, schedule_job, take_job
from facades.app import App
from facades.operations.job_table import ALL_GUILDS, JOBS, JobKind
from facades.operations.report_error import report_error
from services.discord import DiscordUnavailable
from util.metrics import timed

log = structlog.get_logger()

LONGEST_WAIT = timedelta(minutes=1)
WAIT_FOR_OTHERS = timedelta(seconds=5)
"""What is due and was not done is for another process, which may do it or stop."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


class JobRunner:
    """Does due jobs one after another until it is stopped. One of them per process."""

    def __init__(self, app: App, jobs: Iterable[JobKind] = JOBS) -> None:
        self._app = app
        self._kinds = {kind.name: kind for kind in jobs}
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Do what is due, wait for the next, and so on; what came due while no process ran is done at once."""
        while not self._stopping.is_set():
            try:
                await self.run_due()
                wait = await self._until_next()
            except Exception:
                log.exception("jobs_not_read")
                wait = LONGEST_WAIT
            await self._pause(max(0.1, wait.total_seconds()))

    def stop(self) -> None:
        """Begin no further job; `run` returns when the present one is done."""
        self._stopping.set()

    async def _pause(self, seconds: float) -> None:
        waits = {asyncio.ensure_future(self._app.clock.sleep(seconds)), asyncio.create_task(self._stopping.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def run_due(self) -> None:
        """Do every job that is due now and that no other process has taken."""
        now = self._app.now()
        async with self._app.database.transaction() as session:
            for kind in self._kinds.values():
                if kind.starts_by_itself:
                    await schedule_job(session, kind.name, ALL_GUILDS, kind.first_due(now), keep=True)
        async with self._app.reading() as session:
            due = await due_jobs(session, self._kinds, now)
        for job in due:
            if self._stopping.is_set():
                return
            with structlog.contextvars.bound_contextvars(job=job.name, guild=job.guild_id or None):
                await self._do(job)

    async def _until_next(self) -> timedelta:
        async with self._app.reading() as session:
            at = await next_job_at(session, self._kinds)
        now = self._app.now()
        if at is None:
            return LONGEST_WAIT
        return WAIT_FOR_OTHERS if at <= now else min(LONGEST_WAIT, at - now)

    def _is_of_a_guild(self, job: Job) -> bool:
        return job.guild_id != ALL_GUILDS or self._kinds[job.name].where_owed

    def _may_do(self, job: Job) -> bool:
        if not self._is_of_a_guild(job):
            return self._app.shards.is_fresh()
        return self._app.shards.is_ours(job.guild_id) and self._app.discord.is_serving(job.guild_id)

    async def _do(self, job: Job) -> None:
        kind, lease, now = self._kinds[job.name], str(uuid.uuid4()), self._app.now()
        if not self._may_do(job):
            return
        async with self._app.database.transaction() as session:
            if self._is_of_a_guild(job):
                await self._app.shards.check(session, job.guild_id)
            if not await take_job(session, job, lease, now, now + kind.lease):
                return
        outcome = "done"
        try:
            with timed(self._app.metrics.job_seconds.labels(job.name)):
                async with asyncio.timeout(kind.lease.total_seconds()):
                    await kind.handler(self._app, job.guild_id)
        except Exception as error:  # noqa: BLE001 - a failing job must not stop the others
            if isinstance(error, DiscordUnavailable):
                outcome = "postponed"
                log.warning("job_postponed", reason=str(error))
            else:
                outcome = "failed"
                await report_error(
                    self._app, error, where=f"job:{job.name}", guild_id=job.guild_id or None, user_id=None, options={}
                )
            attempts = job.attempts + 1
            due = self._app.now() + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(job.attempts, 16))
        else:
            attempts, due = 0, kind.next_due(self._app.now())
        self._app.metrics.jobs.labels(job.name, outcome).inc()
        async with self._app.database.transaction() as session:
            if not await finish_job(session, job, lease, due, attempts):
                log.warning("job_lease_lost")
