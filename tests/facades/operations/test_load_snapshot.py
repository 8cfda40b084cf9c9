"""What loading a snapshot owes Discord, records, and leaves out."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, delete, select, update

from db.engine import Database
from db.models import (
    ActiveFilter,
    Delivery,
    Event,
    EventField,
    ParameterOverride,
    PostedCard,
    Request,
    Review,
    RouteOverride,
    SavedFilter,
    TextOverride,
)
from db.snapshots import Loaded, check_snapshot, save_snapshot
from facades.operations.load_snapshot import load_snapshot
from tests.db.snapshots.content import HERE, MEMBER, NOW, THERE, guild_rows, put
from util.identifiers import DeliveryKind, EventType, Parameter, Route

FOREIGN = 5
CHANNELS = {HERE + 10, HERE + 11, HERE + 12}


@pytest.fixture
async def database(any_database: Database) -> Database:
    """Give a database with two guilds, each with two requests and a log channel."""
    await put(any_database, guild_rows(HERE), guild_rows(THERE, 10))
    return any_database


async def saved(database: Database, folder: Path, guild_id: int | None = HERE) -> Path:
    path = folder / "a.greenlight"
    await save_snapshot(database, path, guild_id=guild_id, now=NOW, release="0.1.0")
    return path


async def load(database: Database, path: Path, guild_id: int | None = HERE, **options: Any) -> Loaded:
    async with check_snapshot(path, guild_id=guild_id, workdir=path.parent) as checked:
        return await load_snapshot(database, checked=checked, actor_id=MEMBER, now=NOW, **options)


async def rows(database: Database, model: Any, guild_id: int = HERE) -> list[Any]:
    async with database.reading() as session:
        return list((await session.exec(select(model).where(model.guild_id == guild_id))).all())


async def test_runs_of_the_changed_cards_are_owed_once_each(database: Database, tmp_path: Path) -> None:
    path = await saved(database, tmp_path)
    async with database.transaction() as session:
        await session.exec(update(Request).where(col(Request.id) == 1).values(comment="changed"))
        await session.exec(update(Review).where(col(Review.id) == 2).values(text="changed" * 10))
    loaded = await load(database, path)
    owed = {(item.stream, item.kind, *item.payload.items()) for item in await rows(database, Delivery)}
    assert owed == {
        ("request:1", DeliveryKind.REQUEST_CARDS, ("request_id", 1)),
        ("request:2", DeliveryKind.REQUEST_CARDS, ("request_id", 2)),
        ("trainee_review:2", DeliveryKind.TRAINEE_CARD, ("review_id", 2)),
        ("log", DeliveryKind.LOG, ("event_id", 12)),
    }
    assert len(loaded.cards) == 3


async def test_the_log_tells_who_loaded_what_where_the_loaded_routes_lead(database: Database, tmp_path: Path) -> None:
    path = await saved(database, tmp_path)
    async with database.transaction() as session:
        await session.exec(delete(RouteOverride))
    loaded = await load(database, path)
    [event] = [event for event in await rows(database, Event) if event.type is EventType.SNAPSHOT_LOADED]
    assert (event.actor_id, event.at) == (MEMBER, NOW)
    assert event.fields == {"snapshot_at": NOW.isoformat(), "rows": loaded.rows}
    assert {field.key for field in await rows(database, EventField) if field.event_id == event.id} == {"snapshot_at", "rows"}
    assert [item.payload for item in await rows(database, Delivery)] == [{"event_id": event.id}]
    assert not [event for event in await rows(database, Event, THERE) if event.type is EventType.SNAPSHOT_LOADED]


async def test_every_guild_learns_that_everything_was_loaded(database: Database, tmp_path: Path) -> None:
    path = await saved(database, tmp_path, None)
    await load(database, path, None)
    for guild_id in (HERE, THERE):
        assert [event.type for event in await rows(database, Event, guild_id)].count(EventType.SNAPSHOT_LOADED) == 1


async def test_moving_into_an_empty_database_keeps_what_was_owed(
    database: Database, sqlite_address: str, tmp_path: Path, postgres_address: str
) -> None:
    path = await saved(database, tmp_path, None)
    empty = Database(postgres_address if database.is_sqlite else sqlite_address)
    loaded = await load(empty, path, None)
    assert loaded.moved
    assert loaded.cards == ()
    kinds = [item.kind for item in await rows(empty, Delivery)]
    assert kinds.count(DeliveryKind.MESSAGE) == 2
    assert kinds.count(DeliveryKind.LOG) == 1
    await empty.close()


class TestLeavingOut:
    """A file of a guild's admins can hold what no command would have taken."""

    async def test_what_nobody_could_set_is_left_out_and_counted(self, database: Database, tmp_path: Path) -> None:
        async with database.transaction() as session:
            session.add(ParameterOverride(guild_id=HERE, key=Parameter.QUEUE_UNBLOCK_AT, value="many"))
            session.add(TextOverride(guild_id=HERE, key="error.not_found", language="en", value="{request.__class__}"))
            session.add(TextOverride(guild_id=HERE, key="text.of.another.release", language="en", value="kept"))
            session.add(SavedFilter(guild_id=HERE, name="bad", saved_by=1, saved_at=NOW, filter={"type": "unknown"}))
            session.add(ActiveFilter(guild_id=HERE, user_id=9, filter={"fields": {"a": [1]}}))
        loaded = await load(database, await saved(database, tmp_path))
        assert loaded.left_out == 4
        assert [row.key for row in await rows(database, ParameterOverride)] == [Parameter.QUEUE_BLOCK_AT]
        assert "text.of.another.release" in {row.key for row in await rows(database, TextOverride)}
        assert [row.name for row in await rows(database, SavedFilter)] == ["mine"]
        assert [row.user_id for row in await rows(database, ActiveFilter)] == [MEMBER]

    async def test_nothing_leads_into_channels_of_others(self, database: Database, tmp_path: Path) -> None:
        async with database.transaction() as session:
            session.add(RouteOverride(guild_id=HERE, key=Route.ARCHIVE, channel_id=FOREIGN, default_channel_id=FOREIGN))
            await session.exec(update(Review).where(col(Review.id) == 1).values(channel_id=FOREIGN))
            await session.exec(update(PostedCard).where(col(PostedCard.subject_id) == 1).values(channel_id=FOREIGN))
        path = await saved(database, tmp_path)
        async with database.transaction() as session:
            await session.exec(delete(PostedCard).where(col(PostedCard.guild_id) == HERE))
        loaded = await load(database, path, channels=CHANNELS)
        assert loaded.left_out == 1
        routes = {row.key: (row.channel_id, row.default_channel_id) for row in await rows(database, RouteOverride)}
        assert routes == {Route.LOG: (HERE + 10, None), Route.ARCHIVE: (None, None)}
        places = {row.id: (row.channel_id, row.message_id, row.further_messages) for row in await rows(database, Review)}
        assert places == {1: (None, None, None), 2: (HERE + 11, 7_000_002, [7_000_001, 7_000_002])}
        assert [row.subject_id for row in await rows(database, PostedCard)] == [2]
