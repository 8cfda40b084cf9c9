"""What is shown of cooldowns: lists, histories, suggestions; and what the nightly job removes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from db.models import Confirmation, Cooldown
from facades.requests.amend_cooldown import amend_cooldown
from facades.requests.cooldown_history import cooldown_history
from facades.requests.list_cooldowns import PAGE_SIZE, list_cooldowns
from facades.requests.remove_old_cooldowns import remove_old_cooldowns
from facades.requests.submit_request import submit_request
from facades.requests.suggest_cooldown_levels import suggest_cooldown_levels
from tests.facades.requests.cooldowns_by_hand import DAY, LEVELS, OTHER_STAFF, SENIOR, STAFF, USER, update
from tests.facades.requests.world import LEVEL, MEMBER, RequestWorld
from util.errors import NotFound
from util.paging import FIRST_PAGE, Cursor, Where


async def test_lists_show_what_holds_now_in_the_order_of_the_ends(world: RequestWorld) -> None:
    now = world.clock.now()
    for number in range(25):
        await world.hold_back(USER, 1000 + number, ends_at=now + timedelta(hours=1 + number // 2))
        await world.hold_back(USER, 5000 + number)
    await world.hold_back(USER, 900, ends_at=now)
    await world.hold_back(LEVELS, LEVEL)
    for endless, first in ((False, 1000), (True, 5000)):
        cursor, seen = FIRST_PAGE, list[int]()
        while True:
            page = await list_cooldowns(world.app, actor=STAFF, kind=USER, endless=endless, cursor=cursor)
            assert len(page.rows) <= PAGE_SIZE
            seen += [row.subject.entity_id for row in page.rows]
            if not page.has_after:
                break
            cursor = Cursor(Where.AFTER, page.last_key)
        assert seen == list(range(first, first + 25))
        back = await list_cooldowns(
            world.app, actor=STAFF, kind=USER, endless=endless, cursor=Cursor(Where.BEFORE, page.first_key)
        )
        assert [row.subject.entity_id for row in back.rows] == list(range(first + 10, first + 20))
    assert await world.count(Cooldown) == 52


async def test_a_page_whose_rows_are_over_meanwhile_gives_way_to_the_end_of_the_list(world: RequestWorld) -> None:
    now = world.clock.now()
    for number in range(25):
        await world.hold_back(USER, number, ends_at=now + timedelta(hours=number + 1))
    first = await list_cooldowns(world.app, actor=STAFF, kind=USER, endless=False, cursor=FIRST_PAGE)
    second = await list_cooldowns(world.app, actor=STAFF, kind=USER, endless=False, cursor=Cursor(Where.AFTER, first.last_key))
    world.clock.advance(timedelta(hours=15))
    turned = (
        await list_cooldowns(world.app, actor=STAFF, kind=USER, endless=False, cursor=cursor)
        for cursor in (Cursor(Where.AFTER, first.last_key), Cursor(Where.BEFORE, second.first_key))
    )
    async for page in turned:
        assert [row.subject.entity_id for row in page.rows] == list(range(15, 25))
        assert not page.has_before


@pytest.mark.parametrize("key", ["", "x", "1", "1.2.3", "9" * 40 + ".1"])
async def test_a_forged_place_in_a_list_is_no_place(world: RequestWorld, key: str) -> None:
    await world.hold_back(USER, 1, ends_at=world.clock.now() + DAY)
    with pytest.raises(NotFound):
        await list_cooldowns(world.app, actor=STAFF, kind=USER, endless=False, cursor=Cursor(Where.AFTER, key))
    if key != "1":
        with pytest.raises(NotFound):
            await cooldown_history(world.app, actor=STAFF, kind=USER, entity_id=1, cursor=Cursor(Where.AFTER, key))


async def test_levels_in_lists_have_their_names(world: RequestWorld) -> None:
    await world.request()
    await world.hold_back(LEVELS, LEVEL)
    await world.hold_back(LEVELS, 5678)
    page = await list_cooldowns(world.app, actor=STAFF, kind=LEVELS, endless=True, cursor=FIRST_PAGE)
    names = {row.subject.entity_id: row.subject.name for row in page.rows}
    assert names == {LEVEL: world.game.known[LEVEL].name, 5678: None}


async def test_a_history_tells_every_change_from_the_newest_on(world: RequestWorld) -> None:
    for number in range(9):
        await update(world, f"{number + 1}d")
        world.clock.advance(60)
    await update(world, "inf", reason="Enough")
    await amend_cooldown(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, reason="Peace")
    await update(world, "1d", entity_id=2)
    first = await cooldown_history(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, cursor=FIRST_PAGE)
    lifted, ban, *_ = first.page.rows
    assert (lifted.lifted, lifted.reason, lifted.replaced, lifted.old_ends_at) == (True, "Peace", True, None)
    assert (ban.lifted, ban.ends_at, ban.reason) == (False, None, "Enough")
    assert ban.old_ends_at is not None
    assert (first.page.has_before, first.page.has_after) == (False, True)
    rest = await cooldown_history(
        world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, cursor=Cursor(Where.AFTER, first.page.last_key)
    )
    assert len(first.page.rows) + len(rest.page.rows) == 11
    oldest = rest.page.rows[-1]
    assert (oldest.replaced, oldest.by) == (False, STAFF.user_id)
    assert (rest.page.has_before, rest.page.has_after) == (True, False)
    back = await cooldown_history(
        world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, cursor=Cursor(Where.BEFORE, rest.page.first_key)
    )
    assert back.page.rows == first.page.rows


async def test_a_history_has_what_the_flow_cast(world: RequestWorld) -> None:
    submitted = await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    history = await cooldown_history(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, cursor=FIRST_PAGE)
    [change] = history.page.rows
    assert (change.by, change.request_id) == (None, submitted.request_id)
    assert change.ends_at == world.clock.now() + 3 * DAY


async def test_levels_are_suggested_by_part_of_the_number_or_with_their_names(world: RequestWorld) -> None:
    await world.request(777_123)
    await world.request()
    await world.hold_back(LEVELS, LEVEL)
    for number in range(150):
        await world.hold_back(LEVELS, 40_000 + number, ends_at=world.clock.now() + DAY)
    await world.hold_back(LEVELS, 999_999, ends_at=world.clock.now() + 9 * DAY)
    held = dict(await suggest_cooldown_levels(world.app, actor=STAFF, typed="", pending=False))
    assert held[LEVEL] == world.game.known[LEVEL].name
    assert 999_999 not in held
    assert 777_123 not in held
    assert 999_999 in dict(await suggest_cooldown_levels(world.app, actor=STAFF, typed="9999", pending=False))
    assert 777_123 in dict(await suggest_cooldown_levels(world.app, actor=STAFF, typed="", pending=True))


async def test_the_nightly_job_removes_only_what_was_over_long_ago(world: RequestWorld) -> None:
    now = world.clock.now()
    await world.hold_back(USER, 1, ends_at=now - timedelta(days=31))
    await world.hold_back(USER, 2, ends_at=now - timedelta(days=29))
    await world.hold_back(USER, 3)
    await update(world, "5d", actor=OTHER_STAFF, entity_id=4)
    await update(world, "1d", actor=SENIOR, entity_id=4)
    await remove_old_cooldowns(world.app)
    async with world.app.reading() as session:
        assert sorted((await session.exec(select(col(Cooldown.entity_id)))).all()) == [2, 3, 4]
    assert await world.count(Confirmation) == 1
    world.clock.set(datetime(2026, 3, 3, tzinfo=UTC))
    await remove_old_cooldowns(world.app)
    assert await world.count(Confirmation) == 0
