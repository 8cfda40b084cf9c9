"""Cooldowns by hand: who may cast, change and lift them, what is refused, and what is shown of them."""

import asyncio

import pytest

from db.models import Cooldown, Event
from facades.requests.amend_cooldown import LiftedCooldown, amend_cooldown
from facades.requests.cooldown_history import cooldown_history
from facades.requests.cooldown_rules import (
    CooldownChangedMeanwhile,
    DurationRefused,
    EndlessUnchangeable,
    EndsInThePast,
    NoCooldown,
    NothingToChange,
    OverwriteNotAllowed,
)
from facades.requests.describe_cooldown import describe_cooldown
from facades.requests.list_cooldowns import list_cooldowns
from facades.requests.request_rules import WrongLevelId
from facades.requests.suggest_cooldown_levels import suggest_cooldown_levels
from facades.requests.typed import ReasonOutOfRange
from facades.requests.update_cooldown import (
    ConfirmationGone,
    OverwriteAsked,
    UpdatedCooldown,
    confirm_cooldown,
    decline_cooldown,
)
from tests.facades.requests.cooldowns_by_hand import DAY, FAR_STAFF, LEVELS, OTHER_STAFF, SENIOR, STAFF, USER, update
from tests.facades.requests.world import GUILD, LEVEL, MEMBER, RequestWorld, person
from util.errors import Forbidden
from util.identifiers import CardKind, CooldownKind, EventType, Flag
from util.paging import FIRST_PAGE


async def only(world: RequestWorld) -> Cooldown:
    [row] = await world.rows(Cooldown)
    return row


@pytest.mark.parametrize(("kind", "entity_id"), [(USER, MEMBER.user_id), (LEVELS, LEVEL)])
async def test_a_cooldown_is_cast_and_recorded(world: RequestWorld, kind: CooldownKind, entity_id: int) -> None:
    done = await update(world, "1w2d", kind=kind, entity_id=entity_id, reason="Spam in the queue")
    assert isinstance(done, UpdatedCooldown)
    assert done.before is None
    row, now = await only(world), world.clock.now()
    assert (row.kind, row.entity_id, row.ends_at, row.cast_by, row.reason) == (
        kind,
        entity_id,
        now + 9 * DAY,
        STAFF.user_id,
        "Spam in the queue",
    )
    name, event = ("user_id", EventType.USER_COOLDOWN_SET) if kind is USER else ("level_id", EventType.LEVEL_COOLDOWN_SET)
    [entry] = await world.events(event)
    assert entry.actor_id == STAFF.user_id
    assert entry.fields == {
        name: entity_id,
        "ends_at": (now + 9 * DAY).isoformat(),
        "reason": "Spam in the queue",
        "request_id": None,
    }


async def test_an_absolute_duration_counts_from_now_whatever_was_there(world: RequestWorld) -> None:
    await update(world, "5d")
    world.clock.advance(DAY)
    done = await update(world, "1d")
    assert isinstance(done, UpdatedCooldown)
    assert done.before is not None
    assert done.after.ends_at == world.clock.now() + DAY
    last = (await world.events(EventType.USER_COOLDOWN_SET))[-1]
    assert last.fields["old_ends_at"] == (world.clock.now() + 4 * DAY).isoformat()


async def test_inf_is_a_ban_that_never_ends(world: RequestWorld) -> None:
    await update(world, "inf")
    assert (await only(world)).ends_at is None
    [entry] = await world.events(EventType.USER_COOLDOWN_SET)
    assert entry.fields["ends_at"] is None
    assert "old_ends_at" not in entry.fields


@pytest.mark.parametrize(("typed", "days"), [("+1w", 12), ("-3d", 2), ("\N{MINUS SIGN}3d", 2)])
async def test_a_relative_duration_moves_the_end_and_keeps_where_it_came_from(world: RequestWorld, typed: str, days: int) -> None:
    request = await world.request()
    await world.hold_back(USER, MEMBER.user_id, ends_at=world.clock.now() + 5 * DAY, reason="old", request_id=request.request_id)
    await update(world, typed)
    row = await only(world)
    assert row.ends_at == world.clock.now() + days * DAY
    assert (row.cast_by, row.reason, row.request_id) == (STAFF.user_id, "old", request.request_id)
    await update(world, "+1d", reason="because")
    assert (await only(world)).reason == "because"


async def test_a_relative_duration_needs_a_cooldown_that_ends(world: RequestWorld) -> None:
    for typed in ("+1w", "-1d"):
        with pytest.raises(NothingToChange):
            await update(world, typed)
    await world.hold_back(USER, MEMBER.user_id, ends_at=world.clock.now())
    with pytest.raises(NothingToChange):
        await update(world, "+1w")
    await world.hold_back(USER, MEMBER.user_id)
    for typed in ("+1w", "-1d"):
        with pytest.raises(EndlessUnchangeable):
            await update(world, typed)


async def test_an_end_in_the_past_is_refused(world: RequestWorld) -> None:
    await update(world, "2d")
    for typed in ("-2d", "-1w"):
        with pytest.raises(EndsInThePast):
            await update(world, typed)
    assert (await only(world)).ends_at == world.clock.now() + 2 * DAY


@pytest.mark.parametrize("typed", ["", "soon", "3", "3x", "+inf", "-inf", "9999y", "99999999999999999d", "1d1d", "+", "1.5d"])
async def test_what_is_no_duration_is_refused_and_changes_nothing(world: RequestWorld, typed: str) -> None:
    with pytest.raises(DurationRefused):
        await update(world, typed)
    assert await world.count(Cooldown) == await world.count(Event) == 0


async def test_an_extension_beyond_what_a_date_can_hold_is_refused(world: RequestWorld) -> None:
    await update(world, "7000y")
    with pytest.raises(DurationRefused):
        await update(world, "+7000y")


async def test_zero_lifts_a_cooldown(world: RequestWorld) -> None:
    await update(world, "2d")
    done = await update(world, "0", reason="A mistake")
    assert isinstance(done, LiftedCooldown)
    assert await world.count(Cooldown) == 0
    [entry] = await world.events(EventType.USER_COOLDOWN_AMENDED)
    assert entry.fields == {
        "user_id": MEMBER.user_id,
        "old_ends_at": (world.clock.now() + 2 * DAY).isoformat(),
        "reason": "A mistake",
        "request_id": None,
    }
    with pytest.raises(NoCooldown):
        await update(world, "0")


async def test_amending_lifts_own_cooldowns_and_those_of_the_bot(world: RequestWorld) -> None:
    await update(world, "inf")
    await amend_cooldown(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, reason=None)
    await world.hold_back(USER, MEMBER.user_id)
    await amend_cooldown(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, reason=None)
    assert await world.count(Cooldown) == 0
    with pytest.raises(NoCooldown):
        await amend_cooldown(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, reason=None)


async def test_a_lapsed_cooldown_is_over_and_anybody_may_cast_a_new_one(world: RequestWorld) -> None:
    await world.hold_back(USER, MEMBER.user_id, ends_at=world.clock.now(), cast_by=OTHER_STAFF.user_id)
    with pytest.raises(NoCooldown):
        await amend_cooldown(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id, reason=None)
    done = await update(world, "1d")
    assert isinstance(done, UpdatedCooldown)
    assert done.before is None
    assert (await only(world)).cast_by == STAFF.user_id


@pytest.mark.parametrize("kind", [USER, LEVELS])
async def test_anothers_cooldown_is_left_alone_without_the_permission(world: RequestWorld, kind: CooldownKind) -> None:
    await update(world, "5d", kind=kind, entity_id=LEVEL, actor=OTHER_STAFF)
    for typed in ("1d", "+1d", "-1d", "inf", "0"):
        with pytest.raises(OverwriteNotAllowed):
            await update(world, typed, kind=kind, entity_id=LEVEL)
    with pytest.raises(OverwriteNotAllowed):
        await amend_cooldown(world.app, actor=STAFF, kind=kind, entity_id=LEVEL, reason=None)
    assert (await only(world)).cast_by == OTHER_STAFF.user_id


async def test_anothers_cooldown_is_overwritten_only_after_a_yes_and_only_once(world: RequestWorld) -> None:
    await update(world, "5d", actor=OTHER_STAFF, reason="theirs")
    asked = await update(world, "1d", actor=SENIOR, reason="mine now")
    assert isinstance(asked, OverwriteAsked)
    assert asked.before.reason == "theirs"
    assert (await only(world)).cast_by == OTHER_STAFF.user_id
    for stranger in (STAFF, FAR_STAFF):
        with pytest.raises(ConfirmationGone):
            await confirm_cooldown(world.app, actor=stranger, confirmation_id=asked.confirmation_id)
    done = await confirm_cooldown(world.app, actor=SENIOR, confirmation_id=asked.confirmation_id)
    assert isinstance(done, UpdatedCooldown)
    row = await only(world)
    assert (row.cast_by, row.reason, row.ends_at) == (SENIOR.user_id, "mine now", world.clock.now() + DAY)
    with pytest.raises(ConfirmationGone):
        await confirm_cooldown(world.app, actor=SENIOR, confirmation_id=asked.confirmation_id)
    assert len(await world.events(EventType.USER_COOLDOWN_SET)) == 2


async def test_what_changed_after_the_question_is_asked_about_again(world: RequestWorld) -> None:
    await update(world, "5d", actor=OTHER_STAFF)
    asked = await update(world, "0", actor=SENIOR)
    assert isinstance(asked, OverwriteAsked)
    world.clock.advance(5)
    await update(world, "inf", actor=OTHER_STAFF, reason="Much worse")
    again = await confirm_cooldown(world.app, actor=SENIOR, confirmation_id=asked.confirmation_id)
    assert isinstance(again, OverwriteAsked)
    assert again.before.reason == "Much worse"
    assert isinstance(await confirm_cooldown(world.app, actor=SENIOR, confirmation_id=again.confirmation_id), LiftedCooldown)


async def test_who_lost_the_permission_can_no_longer_confirm(world: RequestWorld) -> None:
    await update(world, "5d", actor=OTHER_STAFF)
    asked = await update(world, "1d", actor=SENIOR)
    assert isinstance(asked, OverwriteAsked)
    with pytest.raises(OverwriteNotAllowed):
        await confirm_cooldown(world.app, actor=person(62, Flag.BAN_USERS), confirmation_id=asked.confirmation_id)
    with pytest.raises(Forbidden):
        await confirm_cooldown(world.app, actor=person(62), confirmation_id=asked.confirmation_id)
    assert (await only(world)).cast_by == OTHER_STAFF.user_id


async def test_a_no_leaves_everything_and_closes_the_question(world: RequestWorld) -> None:
    await update(world, "5d", actor=OTHER_STAFF)
    asked = await update(world, "1d", actor=SENIOR)
    assert isinstance(asked, OverwriteAsked)
    await decline_cooldown(world.app, actor=SENIOR, confirmation_id=asked.confirmation_id)
    with pytest.raises(ConfirmationGone):
        await confirm_cooldown(world.app, actor=SENIOR, confirmation_id=asked.confirmation_id)
    assert (await only(world)).cast_by == OTHER_STAFF.user_id


async def test_two_at_once_do_not_undo_each_other_silently(world: RequestWorld) -> None:
    results = await asyncio.gather(
        update(world, "1d", actor=STAFF),
        update(world, "inf", actor=SENIOR),
        update(world, "3d", actor=OTHER_STAFF),
        return_exceptions=True,
    )
    done = [result for result in results if isinstance(result, UpdatedCooldown)]
    assert len(done) == 1
    assert all(
        isinstance(result, UpdatedCooldown | OverwriteAsked | OverwriteNotAllowed | CooldownChangedMeanwhile)
        for result in results
    )
    assert (await only(world)).cast_by == done[0].after.cast_by
    assert len(await world.events(EventType.USER_COOLDOWN_SET)) == 1


async def test_a_double_yes_does_it_once(world: RequestWorld) -> None:
    await update(world, "5d", actor=OTHER_STAFF)
    asked = await update(world, "+1d", actor=SENIOR)
    assert isinstance(asked, OverwriteAsked)
    results = await asyncio.gather(
        *(confirm_cooldown(world.app, actor=SENIOR, confirmation_id=asked.confirmation_id) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["ConfirmationGone", "ConfirmationGone", "UpdatedCooldown"]
    assert (await only(world)).ends_at == world.clock.now() + 6 * DAY


async def test_everything_needs_the_flag_of_its_kind(world: RequestWorld) -> None:
    wrong = {USER: person(70, Flag.BAN_LEVELS, Flag.REMOVE_OTHER_USER_BANS), LEVELS: person(70, Flag.BAN_USERS)}
    for kind, actor in wrong.items():
        with pytest.raises(Forbidden):
            await update(world, "1d", actor=actor, kind=kind, entity_id=LEVEL)
        with pytest.raises(Forbidden):
            await amend_cooldown(world.app, actor=actor, kind=kind, entity_id=LEVEL, reason=None)
        with pytest.raises(Forbidden):
            await describe_cooldown(world.app, actor=actor, kind=kind, entity_id=LEVEL)
        with pytest.raises(Forbidden):
            await list_cooldowns(world.app, actor=actor, kind=kind, endless=False, cursor=FIRST_PAGE)
        with pytest.raises(Forbidden):
            await cooldown_history(world.app, actor=actor, kind=kind, entity_id=LEVEL, cursor=FIRST_PAGE)
    with pytest.raises(Forbidden):
        await suggest_cooldown_levels(world.app, actor=wrong[LEVELS], typed="", pending=True)


async def test_reasons_and_level_ids_have_their_limits(world: RequestWorld) -> None:
    for reason in ("abc", "x" * 401):
        with pytest.raises(ReasonOutOfRange):
            await update(world, "1d", reason=reason)
    for level_id in (199, 1_000_000_001):
        with pytest.raises(WrongLevelId):
            await update(world, "1d", kind=LEVELS, entity_id=level_id)


async def test_nothing_is_seen_or_changed_across_guilds(world: RequestWorld) -> None:
    await update(world, "5d")
    described = await describe_cooldown(world.app, actor=FAR_STAFF, kind=USER, entity_id=MEMBER.user_id)
    assert described.cooldown is None
    with pytest.raises(NoCooldown):
        await amend_cooldown(world.app, actor=FAR_STAFF, kind=USER, entity_id=MEMBER.user_id, reason=None)
    page = await list_cooldowns(world.app, actor=FAR_STAFF, kind=USER, endless=False, cursor=FIRST_PAGE)
    history = await cooldown_history(world.app, actor=FAR_STAFF, kind=USER, entity_id=MEMBER.user_id, cursor=FIRST_PAGE)
    assert page.rows == history.page.rows == ()


async def test_a_description_links_the_request_it_came_from(world: RequestWorld) -> None:
    request = await world.request()
    await world.post_card(CardKind.REVIEWER, request.request_id, 4321)
    ends = world.clock.now() + DAY
    await world.hold_back(USER, MEMBER.user_id, ends_at=ends, request_id=request.request_id)
    described = await describe_cooldown(world.app, actor=STAFF, kind=USER, entity_id=MEMBER.user_id)
    assert described.cooldown is not None
    assert described.cooldown.ends_at == ends
    assert described.cause is not None
    assert described.cause.url == f"https://discord.com/channels/{GUILD}/77/4321"
    assert described.cause.request_id == request.request_id
