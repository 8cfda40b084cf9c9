"""Filters over the event log: put together, saved, selected, replaced, deleted; and the log through them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import SQLModel

from db.models import ActiveFilter, ParameterOverride, SavedFilter
from facades.operations.delete_log_filter import delete_log_filter
from facades.operations.describe_log_filter import describe_log_filter
from facades.operations.find_log_filter import find_log_filter
from facades.operations.lift_log_field import lift_log_field
from facades.operations.lift_log_restrictions import NothingToLift, Part, lift_log_restrictions
from facades.operations.list_log_filters import PAGE_SIZE, list_log_filters
from facades.operations.log_filter import BOT, FilterChangedMeanwhile, LogFilter, read_value
from facades.operations.open_log import open_log
from facades.operations.restrict_log_field import TypeLacksField, restrict_log_field
from facades.operations.restrict_log_type import restrict_log_type
from facades.operations.restrict_log_user import restrict_log_user
from facades.operations.save_log_filter import NothingToSave, SavedAlready, save_log_filter
from facades.operations.saved_filters import FilterNotFound, key_of_name, name_of_key, read_name
from facades.operations.select_log_filter import select_log_filter
from facades.operations.suggest_log_filters import suggest_log_filters
from facades.operations.suggest_log_values import suggest_log_fields, suggest_log_values
from facades.operations.view_log import ViewedLog, view_log
from facades.requests.list_queue_history import list_queue_history
from tests.facades.settings.world import GUILD, OTHER_GUILD, SettingsWorld
from util.actor import Actor
from util.errors import BadInput, Forbidden, NotFound, UserError
from util.event_fields import EVENT_FIELDS, fields_of
from util.identifiers import EventType, Flag, Parameter
from util.paging import FIRST_PAGE, Cursor, Where

READER = Actor(GUILD, 1, flags=frozenset({Flag.LOG_VIEWER}))
SECOND = replace(READER, user_id=2)
RUSSIAN = replace(READER, language="ru")
STRANGER = replace(READER, guild_id=OTHER_GUILD)
MEMBER = Actor(GUILD, 3, flags=frozenset(Flag) - {Flag.LOG_VIEWER, Flag.ADMIN})
COMMON = EventType.PREFERENCE_SET


@pytest.fixture
async def world(any_address: str) -> AsyncIterator[SettingsWorld]:
    """Two guilds with an empty log, once in each database."""
    made = SettingsWorld(any_address)
    yield made
    await made.app.database.close()


async def happen(world: SettingsWorld, kind: EventType, by: int | None = 5, guild_id: int = GUILD, **fields: Any) -> None:
    async with world.app.transaction(guild_id) as tx:
        tx.log(kind, by, **fields)
    world.clock.advance(timedelta(minutes=1))


async def seen(world: SettingsWorld, actor: Actor = READER, timestamp: str | None = None) -> list[dict[str, Any]]:
    return [dict(event.fields) for event in (await viewed(world, actor, timestamp)).log.page.rows]


async def viewed(world: SettingsWorld, actor: Actor = READER, timestamp: str | None = None) -> ViewedLog:
    opened = await open_log(world.app, actor=actor, timestamp=timestamp)
    return await view_log(world.app, actor=actor, content=opened.content, cursor=opened.cursor)


async def rows(world: SettingsWorld, model: type[SQLModel]) -> list[Any]:
    return await world.rows(model)


async def test_whoever_may_not_read_the_log_is_refused_everywhere(world: SettingsWorld) -> None:
    app, actor = world.app, MEMBER
    for refused in (
        open_log(app, actor=actor, timestamp=None),
        view_log(app, actor=actor, content="", cursor=FIRST_PAGE),
        restrict_log_type(app, actor=actor, event_type=COMMON.value),
        restrict_log_user(app, actor=actor, user_id=5),
        restrict_log_field(app, actor=actor, key="level_id", value="5"),
        lift_log_field(app, actor=actor, key="level_id"),
        lift_log_restrictions(app, actor=actor, part=Part.ALL),
        save_log_filter(app, actor=actor, name="x"),
        select_log_filter(app, actor=actor, name="x"),
        delete_log_filter(app, actor=actor, name="x", version=""),
        find_log_filter(app, actor=actor, name="x"),
        describe_log_filter(app, actor=actor),
        list_log_filters(app, actor=actor),
        suggest_log_fields(app, actor=actor),
        suggest_log_values(app, actor=actor, key="level_id"),
        suggest_log_filters(app, actor=actor),
        list_queue_history(app, actor=actor, cursor=FIRST_PAGE),
    ):
        with pytest.raises(Forbidden):
            await refused
    assert await rows(world, ActiveFilter) == []


async def test_restrictions_narrow_what_is_seen_and_come_off_again(world: SettingsWorld) -> None:
    app = world.app
    await happen(world, EventType.OPINION_ADDED, level_id=5, verdict="reject")
    await happen(world, EventType.OPINION_ADDED, by=6, level_id=5, verdict="approve")
    await happen(world, EventType.REQUEST_CREATED, by=6, level_id=5, level_name="5")
    await happen(world, EventType.QUEUE_CLOSED, by=None, automatic=True, pending=5)
    await happen(world, EventType.OPINION_ADDED, guild_id=OTHER_GUILD, level_id=5, verdict="reject")
    assert len(await seen(world)) == 4
    made = await restrict_log_field(app, actor=READER, key="level_id", value="5")
    assert (made.value, made.replaced) == (5, False)
    assert len(await seen(world)) == 3
    await restrict_log_user(app, actor=READER, user_id=6)
    assert len(await seen(world)) == 2
    await restrict_log_type(app, actor=READER, event_type="opinion_added")
    assert await seen(world) == [{"level_id": 5, "verdict": "approve"}]
    await restrict_log_field(app, actor=READER, key="verdict", value="reject")
    assert await seen(world) == []
    again = await restrict_log_field(app, actor=READER, key="verdict", value='"approve"')
    assert (again.value, again.old, again.replaced) == ("approve", "reject", True)
    assert len(await seen(world)) == 1
    assert len(await seen(world, SECOND)) == 4
    await lift_log_restrictions(app, actor=READER, part=Part.TYPE)
    await lift_log_field(app, actor=READER, key="verdict")
    await lift_log_restrictions(app, actor=READER, part=Part.USER)
    assert len(await seen(world)) == 3
    await lift_log_restrictions(app, actor=READER, part=Part.FIELDS)
    await restrict_log_user(app, actor=READER, user_id=BOT)
    assert await seen(world) == [{"automatic": True, "pending": 5}]
    change = await lift_log_restrictions(app, actor=READER, part=Part.ALL)
    assert change.before == LogFilter(user_id=BOT)
    assert await rows(world, ActiveFilter) == []
    for part in Part:
        with pytest.raises(NothingToLift):
            await lift_log_restrictions(app, actor=READER, part=part)


async def test_a_new_type_keeps_the_restrictions_that_its_events_can_meet(world: SettingsWorld) -> None:
    app = world.app
    await restrict_log_field(app, actor=READER, key="level_id", value="5")
    await restrict_log_field(app, actor=READER, key="verdict", value="reject")
    await restrict_log_user(app, actor=READER, user_id=6)
    made = await restrict_log_type(app, actor=RUSSIAN, event_type="создана Заявка ")
    assert made.dropped == ("verdict",)
    assert made.change.after == LogFilter(EventType.REQUEST_CREATED, 6, {"level_id": 5})
    with pytest.raises(TypeLacksField):
        await restrict_log_field(app, actor=READER, key="verdict", value="reject")
    with pytest.raises(BadInput):
        await restrict_log_type(app, actor=READER, event_type="Создана заявка")
    assert (await describe_log_filter(app, actor=READER)).filter == made.change.after


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("level_id", "128", 128),
        ("level_id", " #128 ", 128),
        ("user_id", "<@!5>", 5),
        ("role_id", "<@&5>", 5),
        ("new_channel_id", "<#5>", 5),
        ("level_id", "null", None),
        ("level_name", "128", "128"),
        ("level_name", '"128"', "128"),
        ("level_name", '"null"', "null"),
        ("level_name", "null", None),
        ("level_name", '"unfinished', '"unfinished'),
        ("level_name", '"two" words', '"two" words'),
        ("reason", "true", "true"),
        ("reason", " %_* ", " %_* "),
        ("automatic", "true", True),
        ("automatic", "Нет", False),
        ("verdict", "epic", "epic"),
        ("ends_at", "null", None),
    ],
)
def test_what_is_typed_means_one_json_value(name: str, typed: str, value: object) -> None:
    read = read_value(name, typed)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("level_id", "five"),
        ("level_id", "5 OR 1=1"),
        ("level_id", "1e3"),
        ("level_id", "9" * 30),
        ("level_id", "true"),
        ("automatic", "1"),
        ("automatic", '"true"'),
        ("reason", "a\x00b"),
        ("reason", '"\\ud800"'),
        ("reason", '"a\\u0000"'),
    ],
)
def test_what_means_no_value_of_the_field_is_refused(name: str, typed: str) -> None:
    with pytest.raises(BadInput):
        read_value(name, typed)


@pytest.mark.parametrize("typed", ["%", "_", "*", '"', "'", '" OR ""="', "{}", "[]", "", "\\", '"%"', "null\u200b"])
async def test_no_typed_value_widens_a_filter(world: SettingsWorld, typed: str) -> None:
    for reason in ("Too short", "", "x", None):
        await happen(world, EventType.OPINION_ADDED, reason=reason)
    await restrict_log_field(world.app, actor=READER, key="reason", value=typed)
    shown = await seen(world)
    assert shown == ([{"reason": ""}] if typed == "" else [])


async def test_long_values_are_told_apart_beyond_the_index(world: SettingsWorld) -> None:
    for end in ("a", "b"):
        await happen(world, EventType.OPINION_ADDED, reason="long " * 70 + end)
    await restrict_log_field(world.app, actor=READER, key="reason", value="long " * 70 + "b")
    [event] = await seen(world)
    assert event["reason"].endswith("b")


async def test_the_log_opens_at_a_moment_in_the_time_zone_of_the_guild(world: SettingsWorld) -> None:
    async with world.app.transaction(GUILD) as tx:
        tx.session.add(ParameterOverride(guild_id=GUILD, key=Parameter.GUILD_TIME_ZONE, value="Asia/Tokyo"))
        tx.settings_changed = True
    start = world.clock.now()
    for pending in range(30):
        await happen(world, EventType.QUEUE_CLOSED, automatic=True, pending=pending)
    moment = start + timedelta(minutes=17)
    shown = await viewed(world, timestamp=moment.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M:%S"))
    assert [event.fields["pending"] for event in shown.log.page.rows] == list(range(17, 27))
    assert (shown.log.page.has_before, shown.log.page.has_after) == (True, True)
    assert (await seen(world, timestamp="in 1 day")) == []
    with pytest.raises(BadInput):
        await open_log(world.app, actor=READER, timestamp="some day")


async def test_pages_belong_to_the_filter_with_which_the_list_was_opened(world: SettingsWorld) -> None:
    opened = await open_log(world.app, actor=READER, timestamp=None)
    await restrict_log_user(world.app, actor=READER, user_id=5)
    with pytest.raises(FilterChangedMeanwhile):
        await view_log(world.app, actor=READER, content=opened.content, cursor=FIRST_PAGE)
    await lift_log_restrictions(world.app, actor=READER, part=Part.USER)
    await view_log(world.app, actor=READER, content=opened.content, cursor=FIRST_PAGE)
    for key in ("x", "-1", "9" * 25):
        with pytest.raises(NotFound):
            await view_log(world.app, actor=READER, content=opened.content, cursor=Cursor(Where.AFTER, key))


async def test_a_saved_filter_belongs_to_the_guild_and_is_replaced_only_when_confirmed(world: SettingsWorld) -> None:
    app = world.app
    with pytest.raises(NothingToSave):
        await save_log_filter(app, actor=READER, name="mine")
    await restrict_log_user(app, actor=READER, user_id=5)
    assert (await save_log_filter(app, actor=READER, name=" my  filter ")).name == "my filter"
    with pytest.raises(SavedAlready):
        await save_log_filter(app, actor=READER, name="my filter")
    selected = await select_log_filter(app, actor=SECOND, name="my filter")
    assert selected.change.after == LogFilter(user_id=5)
    with pytest.raises(FilterNotFound):
        await select_log_filter(app, actor=STRANGER, name="my filter")
    await restrict_log_user(app, actor=SECOND, user_id=6)
    asked = await save_log_filter(app, actor=SECOND, name="my filter")
    assert not asked.saved
    assert asked.old is not None
    assert (await find_log_filter(app, actor=READER, name="my filter")).filter == LogFilter(user_id=5)
    version, content = asked.old.version, asked.content

    async def confirm(actor: Actor = SECOND, version: str = version, content: str = content) -> None:
        await save_log_filter(app, actor=actor, name="my filter", replacing=version, content=content)

    for wrong in (confirm(version="00000000"), confirm(content="00000000"), confirm(actor=READER)):
        with pytest.raises(FilterChangedMeanwhile):
            await wrong
    world.clock.advance(timedelta(minutes=1))
    await confirm()
    found = await find_log_filter(app, actor=READER, name="my filter")
    assert (found.filter, found.saved_by) == (LogFilter(user_id=6), SECOND.user_id)
    await restrict_log_user(app, actor=SECOND, user_id=7)
    late = await save_log_filter(app, actor=SECOND, name="my filter")
    with pytest.raises(FilterChangedMeanwhile):
        await confirm(content=late.content)


async def test_of_two_who_confirm_at_once_one_replaces_the_filter(world: SettingsWorld) -> None:
    app = world.app
    await restrict_log_user(app, actor=READER, user_id=5)
    await save_log_filter(app, actor=READER, name="x")
    world.clock.advance(timedelta(minutes=1))
    people = [replace(READER, user_id=number) for number in range(10, 16)]
    asked: list[tuple[Actor, str, str]] = []
    for person in people:
        await restrict_log_user(app, actor=person, user_id=person.user_id)
        saved = await save_log_filter(app, actor=person, name="x")
        assert saved.old is not None
        asked.append((person, saved.old.version, saved.content))
    results = await asyncio.gather(
        *(save_log_filter(app, actor=one, name="x", replacing=version, content=content) for one, version, content in asked),
        return_exceptions=True,
    )
    won = [result for result in results if not isinstance(result, BaseException)]
    assert len(won) == 1
    assert all(isinstance(result, FilterChangedMeanwhile) for result in results if isinstance(result, BaseException))
    assert (await find_log_filter(app, actor=READER, name="x")).filter == won[0].filter


async def test_of_two_who_save_a_new_name_at_once_the_second_is_asked(world: SettingsWorld) -> None:
    for actor, user_id in ((READER, 5), (SECOND, 6)):
        await restrict_log_user(world.app, actor=actor, user_id=user_id)
    saved = await asyncio.gather(*(save_log_filter(world.app, actor=actor, name="x") for actor in (READER, SECOND)))
    assert sorted(one.saved for one in saved) == [False, True]
    assert len(await rows(world, SavedFilter)) == 1


async def test_a_filter_is_deleted_only_as_it_was_shown(world: SettingsWorld) -> None:
    app = world.app
    await restrict_log_user(app, actor=READER, user_id=5)
    await save_log_filter(app, actor=READER, name="x")
    version = (await find_log_filter(app, actor=SECOND, name="x")).version
    with pytest.raises(FilterNotFound):
        await delete_log_filter(app, actor=STRANGER, name="x", version=version)
    with pytest.raises(FilterChangedMeanwhile):
        await delete_log_filter(app, actor=SECOND, name="x", version="00000000")
    assert (await delete_log_filter(app, actor=SECOND, name="x", version=version)).name == "x"
    with pytest.raises(FilterNotFound):
        await delete_log_filter(app, actor=SECOND, name="x", version=version)
    assert (await describe_log_filter(app, actor=READER)).filter == LogFilter(user_id=5)


@pytest.mark.parametrize("typed", ["", "   ", "\u202e", "x" * 51])
def test_a_name_that_says_nothing_or_too_much_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_name(typed)


@pytest.mark.parametrize("typed", ["a:b", "Мой фильтр", "x" * 50, ":" * 50])
def test_a_name_survives_a_custom_id(typed: str) -> None:
    assert ":" not in key_of_name(typed)
    assert name_of_key(key_of_name(read_name(typed))) == typed


async def test_the_list_of_filters_is_turned_by_names_while_it_changes(world: SettingsWorld) -> None:
    app = world.app
    await restrict_log_user(app, actor=READER, user_id=5)
    names = [f"filter: {number:02}" for number in range(25)]
    for name in names:
        await save_log_filter(app, actor=READER, name=name)
    first = await list_log_filters(app, actor=READER)
    assert [kept.name for kept in first.rows] == names[:PAGE_SIZE]
    edge = await find_log_filter(app, actor=READER, name=names[PAGE_SIZE - 1])
    await delete_log_filter(app, actor=READER, name=edge.name, version=edge.version)
    second = await list_log_filters(app, actor=READER, cursor=Cursor(Where.AFTER, first.last_key))
    assert [kept.name for kept in second.rows] == names[PAGE_SIZE : 2 * PAGE_SIZE]
    back = await list_log_filters(app, actor=READER, cursor=Cursor(Where.BEFORE, second.first_key))
    assert [kept.name for kept in back.rows] == names[: PAGE_SIZE - 1]
    last = await list_log_filters(app, actor=READER, cursor=Cursor(Where.LAST))
    assert (last.rows[-1].name, last.has_after, last.has_before) == (names[-1], False, True)
    assert (await list_log_filters(app, actor=STRANGER)).rows == ()
    assert set(await suggest_log_filters(app, actor=READER)) == {*names} - {edge.name}


async def test_values_are_suggested_from_what_happened(world: SettingsWorld) -> None:
    app = world.app
    for number in (7, 8, 7, 9):
        await happen(world, EventType.REQUEST_CREATED, level_id=number, language="en")
    await happen(world, EventType.OPINION_ADDED, level_id=10, verdict="reject", reason=None)
    await happen(world, EventType.OPINION_ADDED, guild_id=OTHER_GUILD, level_id=11)
    assert await suggest_log_values(app, actor=READER, key="level_id") == ("level_id", (10, 9, 7, 8))
    assert await suggest_log_values(app, actor=RUSSIAN, key="ID уровня") == ("level_id", (10, 9, 7, 8))
    assert await suggest_log_fields(app, actor=READER) == fields_of(None)
    await restrict_log_type(app, actor=READER, event_type="request_created")
    assert await suggest_log_values(app, actor=READER, key="level_id") == ("level_id", (9, 7, 8))
    assert await suggest_log_fields(app, actor=READER) == EVENT_FIELDS[EventType.REQUEST_CREATED]
    _, flags = await suggest_log_values(app, actor=READER, key="flag")
    assert flags == tuple(Flag)
    assert await suggest_log_values(app, actor=READER, key="automatic") == ("automatic", (True, False))
    with pytest.raises(UserError):
        await suggest_log_values(app, actor=READER, key="colour")
