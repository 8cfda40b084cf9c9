"""The daily snapshot: made once a day among all processes, sent to everybody who gets it, and never twice."""

import asyncio
import dataclasses
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from config.settings import Settings
from db.models import Event, FailedDelivery, Job
from db.snapshots import read_manifest
from facades.app import App
from facades.operations import daily_snapshot as module
from facades.operations.daily_snapshot import daily_snapshot, next_daily
from facades.operations.diagnose_snapshots import diagnose_snapshots
from facades.operations.findings import Finding
from facades.operations.job_table import JOBS
from facades.operations.jobs import JobRunner
from facades.operations.last_snapshot import last_snapshot
from facades.operations.report_error import reports_written
from facades.operations.snapshot_files import snapshot_folder, snapshots_of
from services.discord import DiscordRefused
from tests.db.factories import GUILD
from tests.facades.delivery.world import DeliveryWorld
from util.identifiers import EventType
from util.texts import Text

HOUR = timedelta(hours=1)
CHANNEL = 500


@pytest.fixture
async def world(sqlite_address: str) -> AsyncIterator[DeliveryWorld]:
    """Give an app that keeps its snapshots beside its database, with two maintainers and a snapshot channel."""
    made = DeliveryWorld(sqlite_address)
    furnish(made.app, sqlite_address)
    yield made
    await reports_written()
    await made.app.database.close()


def furnish(app: App, address: str, *, kept: int = 3) -> None:
    app.settings = Settings(database_url=address, snapshots_kept=kept)
    app.stage = dataclasses.replace(app.stage, maintainers=(1, 2), snapshot_channel=CHANNEL)


def second_process(world: DeliveryWorld) -> App:
    """Return another process on the same database."""
    app = DeliveryWorld(world.address, clock=world.clock).app
    furnish(app, world.address)
    return app


def runner(app: App) -> JobRunner:
    return JobRunner(app, [kind for kind in JOBS if kind.name == module.NAME])


def receivers(world: DeliveryWorld) -> list[int]:
    return sorted(message.ref.channel_id for message in world.discord.sent)


async def events(world: DeliveryWorld) -> list[Event]:
    async with world.app.reading() as session:
        return list((await session.exec(select(Event).where(col(Event.type) == EventType.SNAPSHOT_SAVED))).all())


async def due(world: DeliveryWorld) -> datetime:
    async with world.app.reading() as session:
        return (await session.exec(select(Job.due_at))).one()


ALL = [CHANNEL, 900_000_001, 900_000_002]


def test_the_next_one_is_at_one_o_clock_utc_whatever_the_time_is() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    assert next_daily(day) == day + HOUR
    assert next_daily(day + HOUR) == day + timedelta(days=1, hours=1)
    assert next_daily(day + timedelta(hours=23, minutes=59)) == day + timedelta(days=1, hours=1)


async def test_it_is_not_made_at_the_first_start_but_at_the_next_one_o_clock(world: DeliveryWorld) -> None:
    await runner(world.app).run_due()
    assert await due(world) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert await events(world) == []
    world.clock.advance(13 * HOUR)
    await runner(world.app).run_due()
    await world.deliver()
    assert receivers(world) == ALL
    assert await due(world) == datetime(2026, 3, 3, 1, tzinfo=UTC)
    [saved] = snapshots_of(world.app.settings)
    [event] = await events(world)
    assert event.guild_id == 0
    assert event.fields == {"scheduled": True, "rows": read_manifest(saved.path).total_rows}
    for message in world.discord.sent:
        [upload] = message.payload.uploads
        assert (upload.filename, upload.data) == (saved.path.name, saved.path.read_bytes())
    last = await last_snapshot(world.app)
    assert last is not None
    assert (last.saved_at, last.scheduled) == (event.at, True)


async def test_what_was_missed_is_made_up_for_once_and_the_hour_stays(world: DeliveryWorld) -> None:
    await runner(world.app).run_due()
    world.clock.advance(timedelta(days=4, hours=5))
    for _ in range(3):
        await runner(world.app).run_due()
    assert len(await events(world)) == 1
    assert await due(world) == datetime(2026, 3, 6, 1, tzinfo=UTC)


async def test_two_processes_at_once_make_one(world: DeliveryWorld) -> None:
    other = second_process(world)
    await runner(world.app).run_due()
    world.clock.advance(13 * HOUR)
    await asyncio.gather(runner(world.app).run_due(), runner(other).run_due(), runner(world.app).run_due())
    assert len(await events(world)) == 1
    await world.deliver()
    assert receivers(world) == ALL
    await other.database.close()


async def test_only_the_process_that_sends_what_belongs_to_no_guild_makes_it(world: DeliveryWorld) -> None:
    await runner(world.app).run_due()
    world.clock.advance(13 * HOUR)
    world.discord.not_serving.add(0)
    await runner(world.app).run_due()
    assert await events(world) == []
    world.discord.not_serving.clear()
    await runner(world.app).run_due()
    assert len(await events(world)) == 1


async def test_begun_again_after_it_was_owed_it_owes_nothing_twice(world: DeliveryWorld) -> None:
    """As after a process that died before it gave the job back."""
    await daily_snapshot(world.app)
    await daily_snapshot(world.app)
    assert len(await world.owed()) == 3
    world.clock.advance(timedelta(days=1))
    await daily_snapshot(world.app)
    assert len(await world.owed()) == 6


async def test_a_process_that_dies_between_saving_and_owing_is_made_up_for(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    await runner(world.app).run_due()
    world.clock.advance(13 * HOUR)
    with monkeypatch.context() as patched:
        patched.setattr(module, "_owe", die)
        with pytest.raises(Died):
            await runner(world.app).run_due()
    assert await world.owed() == []
    assert await events(world) == []
    world.clock.advance(module.LEASE + timedelta(seconds=1))
    await world.restart()
    furnish(world.app, world.address)
    await runner(world.app).run_due()
    await world.deliver()
    assert receivers(world) == ALL
    assert len(await events(world)) == 1


async def test_a_file_whose_sending_was_cut_off_is_found_and_not_sent_again(world: DeliveryWorld) -> None:
    class Died(BaseException):
        pass

    def die(number: int, method: str) -> None:
        if method == "send":
            raise Died

    await daily_snapshot(world.app)
    world.discord.after = die
    with pytest.raises(Died):
        await world.deliver()
    world.discord.after = lambda number, method: None
    world.clock.advance(HOUR)
    await world.restart()
    furnish(world.app, world.address)
    await world.deliver()
    assert receivers(world) == ALL
    assert await world.owed() == []


async def test_the_owners_get_it_where_no_maintainers_are_named(world: DeliveryWorld) -> None:
    world.app.stage = dataclasses.replace(world.app.stage, maintainers=(), snapshot_channel=None)
    world.discord.owners = (7, 8)
    world.discord.no_direct_messages.add(7)
    await daily_snapshot(world.app)
    await world.deliver()
    assert receivers(world) == [900_000_008]
    assert [failure.payload["user_id"] for failure in await world.failed()] == [7]


async def test_who_takes_no_direct_messages_is_given_up_and_the_doctor_says_so(world: DeliveryWorld) -> None:
    world.discord.no_direct_messages.add(1)
    await daily_snapshot(world.app)
    await world.deliver()
    assert receivers(world) == [CHANNEL, 900_000_002]
    assert Text.DOCTOR_SNAPSHOT_NOT_SENT in await found(world)


async def test_a_file_that_is_no_longer_there_is_given_up(world: DeliveryWorld) -> None:
    await daily_snapshot(world.app)
    shutil.rmtree(snapshot_folder(world.app.settings))
    await world.deliver()
    assert world.discord.sent == []
    assert len(await world.failed()) == 3
    assert all("no longer" in failure.reason for failure in await world.failed())


async def test_where_a_file_does_not_fit_it_is_said_where_it_lies(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DIRECT_MESSAGE_LIMIT", 100)
    world.discord.upload_limits[CHANNEL] = 1 << 30
    await daily_snapshot(world.app)
    await world.deliver()
    [saved] = snapshots_of(world.app.settings)
    by_message, by_channel = (
        [message.payload for message in world.discord.sent if (message.ref.channel_id == CHANNEL) is there]
        for there in (False, True)
    )
    assert all(payload.uploads == () and str(saved.path) in payload.content for payload in by_message)
    assert [len(payload.uploads) for payload in by_channel] == [1]


async def test_what_discord_finds_too_large_after_all_is_said_instead(world: DeliveryWorld) -> None:
    refused = DiscordRefused("too large", status=413, code=40005)

    def refuse(number: int, method: str) -> None:
        if method == "send" and not world.discord.sent:
            world.discord.before = lambda number, method: None
            raise refused

    await daily_snapshot(world.app)
    world.discord.before = refuse
    await world.deliver()
    assert receivers(world) == ALL
    assert sorted(len(message.payload.uploads) for message in world.discord.sent) == [0, 1, 1]
    assert await world.failed() == []


# Rotation


async def test_the_newest_are_kept_and_what_is_still_owed(world: DeliveryWorld) -> None:
    folder = snapshot_folder(world.app.settings)
    names = ("notes.txt", "greenlight-0004-20260101T000000Z.db", "greenlight-test-everything-20260101T010000Z.greenlight")
    foreign = [folder / name for name in names]
    for _ in range(6):
        await daily_snapshot(world.app)
        for path in foreign:
            path.write_bytes(b"x")
        world.clock.advance(timedelta(days=1))
    assert len(snapshots_of(world.app.settings)) == 6
    await world.deliver()
    await daily_snapshot(world.app)
    kept = [item.saved_at.day for item in snapshots_of(world.app.settings)]
    assert kept == [7, 6, 5]
    assert all(path.exists() for path in foreign)


async def test_copies_from_before_a_restore_stay_for_a_day_whatever_their_number(world: DeliveryWorld) -> None:
    folder = snapshot_folder(world.app.settings)
    folder.mkdir()
    for hour in range(6):
        (folder / f"greenlight-{GUILD}-20260228T{16 + hour:02}0000Z-before-restore.greenlight").write_bytes(b"x")
        (folder / f"greenlight-{GUILD}-20260228T{16 + hour:02}0000Z.greenlight").write_bytes(b"x")
    await module.remove_old_snapshots(world.app)
    safety = [item.is_safety for item in snapshots_of(world.app.settings)]
    assert (safety.count(True), safety.count(False)) == (6, 3)
    world.clock.advance(timedelta(days=2))
    await module.remove_old_snapshots(world.app)
    safety = [item.is_safety for item in snapshots_of(world.app.settings)]
    assert (safety.count(True), safety.count(False)) == (3, 3)


async def test_what_was_left_unfinished_or_unconfirmed_is_removed_after_a_while(world: DeliveryWorld) -> None:
    folder = snapshot_folder(world.app.settings)
    (folder / "incoming" / ".snapshot-x").mkdir(parents=True)
    now = world.clock.now().timestamp()
    old, young = list[Path](), list[Path]()
    for name in ("a.part", "incoming/a.greenlight", "incoming/a.part"):
        for path, age, group in ((folder / name, 7200, old), (folder / name.replace("a.", "b."), 60, young)):
            path.write_bytes(b"x")
            os.utime(path, (now - age, now - age))
            group.append(path)
    os.utime(folder / "incoming" / ".snapshot-x", (now - 7200, now - 7200))
    await module.remove_old_snapshots(world.app)
    assert [path.exists() for path in (*old, folder / "incoming" / ".snapshot-x")] == [False] * 4
    assert all(path.exists() for path in young)


# The doctor


async def found(world: DeliveryWorld) -> list[Text]:
    findings: list[Finding] = await diagnose_snapshots(world.app.database, world.clock.now())
    return [finding.said.key for finding in findings]


async def test_the_doctor_knows_how_old_the_last_one_is(world: DeliveryWorld) -> None:
    assert await found(world) == [Text.DOCTOR_SNAPSHOT_NONE]
    await daily_snapshot(world.app)
    assert await found(world) == [Text.DOCTOR_SNAPSHOT_OK]
    world.clock.advance(timedelta(days=2, hours=1))
    assert await found(world) == [Text.DOCTOR_SNAPSHOT_OLD]


async def test_the_doctor_says_when_it_fails(world: DeliveryWorld) -> None:
    await runner(world.app).run_due()
    world.clock.advance(13 * HOUR)
    folder: Path = snapshot_folder(world.app.settings)
    folder.write_bytes(b"where the folder should be")
    await runner(world.app).run_due()
    assert Text.DOCTOR_SNAPSHOT_FAILING in await found(world)
    folder.unlink()
    world.clock.advance(timedelta(minutes=1))
    await runner(world.app).run_due()
    assert await found(world) == [Text.DOCTOR_SNAPSHOT_OK]
    async with world.app.reading() as session:
        assert (await session.exec(select(FailedDelivery))).all() == []
