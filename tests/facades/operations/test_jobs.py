"""Jobs are done when due, once among all processes, and again after failures."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Job
from db.queries.jobs import due_jobs, finish_job, schedule_job, take_job
from facades.app import App
from facades.operations.job_table import JOBS, JobKind, every
from facades.operations.jobs import JobRunner
from tests.db.factories import NOW
from tests.facades.delivery.world import DeliveryWorld, until

HOUR = timedelta(hours=1)


class Work:
    """Counts its runs and fails when told to."""

    def __init__(self) -> None:
        self.guilds: list[int] = []
        self.error: Exception | None = None

    async def __call__(self, app: App, guild_id: int) -> None:
        self.guilds.append(guild_id)
        if self.error:
            raise self.error


def runner(world: DeliveryWorld, work: Any, **options: Any) -> JobRunner:
    return JobRunner(world.app, (JobKind("work", work, options.pop("next_due", every(HOUR)), **options),))


async def rows(world: DeliveryWorld) -> list[Job]:
    async with world.app.reading() as session:
        return list((await session.exec(select(Job))).all())


async def test_a_job_is_done_at_the_first_start_and_then_at_its_interval(world: DeliveryWorld) -> None:
    work = Work()
    jobs = runner(world, work)
    for _ in range(3):
        await jobs.run_due()
    assert work.guilds == [0]
    world.clock.advance(HOUR)
    await jobs.run_due()
    assert work.guilds == [0, 0]


async def test_what_came_due_while_nothing_ran_is_done_once(world: DeliveryWorld) -> None:
    work = Work()
    await runner(world, work).run_due()
    world.clock.advance(timedelta(days=10))
    await runner(world, work).run_due()
    assert len(work.guilds) == 2


async def test_the_runner_wakes_by_itself(world: DeliveryWorld) -> None:
    work = Work()
    running = asyncio.create_task(runner(world, work).run())
    await until(lambda: world.clock.sleeping == 1)
    for expected in range(2, 4):
        world.clock.advance(HOUR)
        await until(lambda expected=expected: len(work.guilds) == expected and world.clock.sleeping == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_two_processes_at_once_do_a_job_once(world: DeliveryWorld) -> None:
    work = Work()
    await asyncio.gather(*(runner(world, work).run_due() for _ in range(4)))
    assert work.guilds == [0]


async def test_a_failing_job_is_tried_again_after_growing_pauses_and_the_others_go_on(world: DeliveryWorld) -> None:
    work, other = Work(), Work()
    work.error = ValueError("boom")
    jobs = JobRunner(world.app, (JobKind("work", work, every(HOUR)), JobKind("other", other, every(HOUR))))
    pauses: list[timedelta] = []
    for _ in range(12):
        await jobs.run_due()
        (row,) = [row for row in await rows(world) if row.name == "work"]
        pauses.append(row.due_at - world.clock.now())
        world.clock.set(row.due_at)
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-1] == timedelta(hours=6)
    assert len(other.guilds) > 1
    work.error = None
    await jobs.run_due()
    assert [row.attempts for row in await rows(world)] == [0, 0]


async def test_a_job_whose_process_died_is_taken_over_after_the_lease(world: DeliveryWorld) -> None:
    class Died(BaseException):
        pass

    async def die(app: App, guild_id: int) -> None:
        raise Died

    with pytest.raises(Died):
        await runner(world, die).run_due()
    work = Work()
    await runner(world, work).run_due()
    assert work.guilds == []
    world.clock.advance(timedelta(minutes=11))
    await runner(world, work).run_due()
    assert work.guilds == [0]


async def test_a_job_for_one_guild_and_for_once_leaves_the_table(world: DeliveryWorld) -> None:
    work = Work()
    jobs = runner(world, work, next_due=lambda now: None, starts_by_itself=False)
    world.discord.not_serving.add(8)
    async with world.app.database.transaction() as session:
        for guild_id in (7, 8):
            await schedule_job(session, "work", guild_id, world.clock.now() + HOUR)
    await jobs.run_due()
    assert work.guilds == []
    world.clock.advance(HOUR)
    await jobs.run_due()
    assert work.guilds == [7]
    assert [row.guild_id for row in await rows(world)] == [8]


async def test_every_job_that_begins_by_itself_is_done_or_waits_for_its_time(world: DeliveryWorld) -> None:
    assert {"remove_old_failures", "remove_old_cooldowns", "remove_old_snapshots", "daily_snapshot"} <= {
        kind.name for kind in JOBS
    }
    await JobRunner(world.app).run_due()
    found = await rows(world)
    assert {row.name for row in found} == {kind.name for kind in JOBS if kind.starts_by_itself}
    assert all(row.due_at > world.clock.now() and not row.attempts for row in found)


async def test_a_lease_is_given_once_and_lost_after_its_time(any_database: Database) -> None:
    async def take(lease: str, now: datetime) -> bool:
        async with any_database.transaction() as session:
            (job,) = await due_jobs(session, ["work"], now) or [Job(name="work", guild_id=0, due_at=NOW)]
            return await take_job(session, job, lease, now, now + HOUR)

    async with any_database.transaction() as session:
        await schedule_job(session, "work", 0, NOW)
        await schedule_job(session, "work", 0, NOW + HOUR, keep=True)
    assert [await take(lease, NOW) for lease in "ab"] == [True, False]
    later = NOW + timedelta(hours=2)
    assert await take("b", later)
    async with any_database.transaction() as session:
        job = Job(name="work", guild_id=0, due_at=NOW)
        assert not await finish_job(session, job, "a", later + HOUR, 0)
        assert await finish_job(session, job, "b", later + HOUR, 0)
        assert await due_jobs(session, ["work"], later) == []


async def test_a_runner_that_is_told_to_stop_finishes_its_job_and_returns(world: DeliveryWorld) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def work(app: App, guild_id: int) -> None:
        began.set()
        await may_end.wait()

    jobs = runner(world, work)
    running = asyncio.create_task(jobs.run())
    await began.wait()
    jobs.stop()
    may_end.set()
    async with asyncio.timeout(5):
        await running
    assert [job.attempts for job in await rows(world) if job.lease] == []
