"""The checks of a request, before the form opens."""

from datetime import timedelta

import pytest

from facades.requests.close_queue import close_queue
from facades.requests.prepare_request import prepare_request
from facades.requests.refusals import (
    GameServerSilent,
    LevelAlreadyApproved,
    LevelAlreadyPending,
    LevelIsRated,
    LevelOnCooldown,
    LevelUnknown,
    QueueIsClosed,
    UserOnCooldown,
    WrongLevelId,
)
from facades.requests.resolve_request import resolve_request
from facades.requests.submit_request import submit_request
from services.geometry_dash import Length
from tests.facades.requests.world import ADMIN, LEVEL, MEMBER, MODERATOR, OTHER_MEMBER, REVIEWER, STRANGER, RequestWorld, person
from tests.fakes.game import a_level
from util.errors import UserError
from util.identifiers import CardKind, CooldownKind, Flag, Parameter, Verdict
from util.timestamps import discord_timestamp


async def said(world: RequestWorld, error: UserError, language: str = "en") -> str:
    """Return what somebody reads of an error."""
    return (await world.app.guild(MEMBER.guild_id)).say(error.phrase, language)


async def test_a_level_that_nothing_forbids_can_be_requested(world: RequestWorld) -> None:
    prepared = await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    assert prepared.level_name == f"Level {LEVEL}"
    assert not prepared.showcase_required


@pytest.mark.parametrize("level_id", [-1, 0, 199, 1_000_000_001, 2**63])
async def test_ids_that_no_level_has_are_refused_without_asking_the_game_server(world: RequestWorld, level_id: int) -> None:
    with pytest.raises(WrongLevelId):
        await prepare_request(world.app, actor=MEMBER, level_id=level_id)
    assert not world.game.asked


async def test_a_closed_queue_is_named_with_who_closed_it_and_when(world: RequestWorld) -> None:
    await close_queue(world.app, actor=ADMIN)
    with pytest.raises(QueueIsClosed) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    text = await said(world, refusal.value)
    assert f"<@{ADMIN.user_id}>" in text
    assert discord_timestamp(world.clock.now()) in text


async def test_a_queue_that_closed_by_itself_says_so(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCK_AT: "1"})
    await world.request(999)
    with pytest.raises(QueueIsClosed) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    assert "too many" in await said(world, refusal.value)


async def test_a_queue_closed_by_the_parameter_is_closed_too(world: RequestWorld) -> None:
    await world.set({Parameter.QUEUE_BLOCKED: "true"})
    with pytest.raises(QueueIsClosed) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    assert "<t:" not in await said(world, refusal.value)


async def test_the_flag_lets_its_holder_request_while_the_queue_is_closed(world: RequestWorld) -> None:
    await close_queue(world.app, actor=ADMIN)
    allowed = person(3, Flag.REQUEST_WHILE_QUEUE_CLOSED)
    assert (await prepare_request(world.app, actor=allowed, level_id=LEVEL)).level_name


async def test_a_member_on_cooldown_learns_until_when_why_and_from_which_request(world: RequestWorld) -> None:
    taken = await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    await world.post_card(CardKind.REVIEWER, taken.request_id, 4321)
    with pytest.raises(UserOnCooldown) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=999)
    text = await said(world, refusal.value)
    assert discord_timestamp(world.clock.now() + timedelta(days=3)) in text
    assert "Level 1234" in text
    assert "/channels/" not in text


async def test_staff_on_cooldown_get_a_link_to_the_card_that_they_may_see(world: RequestWorld) -> None:
    taken = await submit_request(world.app, actor=REVIEWER, level_id=LEVEL, showcase="", comment="")
    await world.post_card(CardKind.REVIEWER, taken.request_id, 4321)
    with pytest.raises(UserOnCooldown) as refusal:
        await prepare_request(world.app, actor=REVIEWER, level_id=999)
    assert "/channels/100/77/4321" in await said(world, refusal.value)


async def test_a_cooldown_by_hand_names_its_reason_and_nothing_in_it_pings(world: RequestWorld) -> None:
    ends = world.clock.now() + timedelta(hours=5)
    await world.hold_back(CooldownKind.USER, MEMBER.user_id, ends_at=ends, reason="spam @everyone", cast_by=9)
    with pytest.raises(UserOnCooldown) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    text = await said(world, refusal.value)
    assert "spam" in text
    assert "@everyone" not in text


async def test_a_ban_says_that_it_is_one(world: RequestWorld) -> None:
    await world.hold_back(CooldownKind.USER, MEMBER.user_id)
    with pytest.raises(UserOnCooldown) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    assert "banned" in await said(world, refusal.value)


async def test_a_cooldown_is_over_at_its_end(world: RequestWorld) -> None:
    await world.hold_back(CooldownKind.USER, MEMBER.user_id, ends_at=world.clock.now() + timedelta(seconds=1))
    await world.hold_back(CooldownKind.LEVEL, LEVEL, ends_at=world.clock.now() + timedelta(seconds=1))
    world.clock.advance(1)
    assert (await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)).level_name


async def test_the_flag_frees_its_holder_of_the_cooldown(world: RequestWorld) -> None:
    await world.hold_back(CooldownKind.USER, 3)
    assert (await prepare_request(world.app, actor=person(3, Flag.NO_REQUEST_COOLDOWN), level_id=LEVEL)).level_name


async def test_an_approved_level_names_the_moderator_the_grade_and_the_moment(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.EPIC)
    when = world.clock.now()
    world.clock.advance(timedelta(days=40))
    with pytest.raises(LevelAlreadyApproved) as refusal:
        await prepare_request(world.app, actor=OTHER_MEMBER, level_id=LEVEL)
    text = await said(world, refusal.value)
    assert "Epic" in text
    assert f"<@{MODERATOR.user_id}>" in text
    assert discord_timestamp(when) in text


async def test_a_level_being_reviewed_says_since_when_and_links_its_card_to_staff(world: RequestWorld) -> None:
    taken = await world.request()
    await world.post_card(CardKind.REVIEWER, taken.request_id, 4321)
    with pytest.raises(LevelAlreadyPending) as refusal:
        await prepare_request(world.app, actor=REVIEWER, level_id=LEVEL)
    text = await said(world, refusal.value)
    assert discord_timestamp(world.clock.now()) in text
    assert "/4321" in text


async def test_an_unknown_level_is_refused(world: RequestWorld) -> None:
    with pytest.raises(LevelUnknown):
        await prepare_request(world.app, actor=MEMBER, level_id=5555)


async def test_a_rejected_level_has_to_wait_and_the_answer_says_until_when(world: RequestWorld) -> None:
    taken = await world.request()
    await resolve_request(world.app, actor=MODERATOR, request_id=taken.request_id, verdict=Verdict.REJECT)
    with pytest.raises(LevelOnCooldown) as refusal:
        await prepare_request(world.app, actor=OTHER_MEMBER, level_id=LEVEL)
    text = await said(world, refusal.value)
    assert discord_timestamp(world.clock.now() + timedelta(weeks=1)) in text
    assert "rejected" in text
    world.clock.advance(timedelta(weeks=1))
    assert (await prepare_request(world.app, actor=OTHER_MEMBER, level_id=LEVEL)).level_name


async def test_a_banned_level_says_so_with_the_reason(world: RequestWorld) -> None:
    await world.hold_back(CooldownKind.LEVEL, LEVEL, reason="stolen")
    with pytest.raises(LevelOnCooldown) as refusal:
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    text = await said(world, refusal.value)
    assert "banned" in text
    assert "stolen" in text


async def test_a_rated_level_is_refused(world: RequestWorld) -> None:
    world.game.add(a_level(LEVEL, stars=8))
    with pytest.raises(LevelIsRated):
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)


async def test_the_checks_run_in_the_order_of_the_specification(world: RequestWorld) -> None:
    """Everything is wrong at once; what is mended step by step is what was named."""
    await world.hold_back(CooldownKind.USER, MEMBER.user_id)
    await world.hold_back(CooldownKind.LEVEL, LEVEL)
    await close_queue(world.app, actor=ADMIN)
    bypass_queue = person(1, Flag.REQUEST_WHILE_QUEUE_CLOSED)
    bypass_both = person(1, Flag.REQUEST_WHILE_QUEUE_CLOSED, Flag.NO_REQUEST_COOLDOWN)
    with pytest.raises(QueueIsClosed):
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)
    with pytest.raises(UserOnCooldown):
        await prepare_request(world.app, actor=bypass_queue, level_id=LEVEL)
    world.game.known.clear()
    with pytest.raises(LevelUnknown):
        await prepare_request(world.app, actor=bypass_both, level_id=LEVEL)
    world.game.add(a_level(LEVEL, stars=5))
    with pytest.raises(LevelOnCooldown):
        await prepare_request(world.app, actor=bypass_both, level_id=LEVEL)


async def test_when_the_game_server_is_slow_the_form_waits(world: RequestWorld) -> None:
    world.game.speaking.clear()
    prepared = await prepare_request(world.app, actor=MEMBER, level_id=LEVEL, patience=0.01)
    assert prepared.level_name is None
    world.game.speaking.set()
    assert (await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)).level_name == f"Level {LEVEL}"


async def test_when_the_game_server_is_down_the_answer_says_so(world: RequestWorld) -> None:
    world.game.down = True
    with pytest.raises(GameServerSilent):
        await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)


@pytest.mark.parametrize(
    ("changes", "parameters", "required"),
    [
        ({}, {}, False),
        ({"stars_requested": 9}, {}, False),
        ({"stars_requested": 10}, {}, True),
        ({"length": Length.PLATFORMER, "stars_requested": 1}, {}, True),
        ({"stars_requested": 4}, {Parameter.REQUEST_MIN_STARS_TO_REQUIRE_SHOWCASE: "4"}, True),
        ({"stars_requested": 0}, {Parameter.REQUEST_ALWAYS_REQUIRE_SHOWCASE: "true"}, True),
    ],
)
async def test_the_rule_decides_whether_a_showcase_is_required(
    world: RequestWorld, changes: dict[str, object], parameters: dict[Parameter, str], required: bool
) -> None:
    world.game.add(a_level(LEVEL, **changes))
    await world.set(parameters)
    assert (await prepare_request(world.app, actor=MEMBER, level_id=LEVEL)).showcase_required is required


async def test_requests_cooldowns_and_queues_of_other_guilds_do_not_matter(world: RequestWorld) -> None:
    await world.request()
    await world.hold_back(CooldownKind.LEVEL, LEVEL)
    await close_queue(world.app, actor=ADMIN)
    foreign = person(MEMBER.user_id, guild_id=STRANGER.guild_id)
    assert (await prepare_request(world.app, actor=foreign, level_id=LEVEL)).level_name
