"""Submitting a request."""

from datetime import timedelta

import pytest

from db.models import Cooldown, Request
from facades.requests.close_queue import close_queue
from facades.requests.refusals import (
    CommentOutOfRange,
    GameServerSilent,
    LevelAlreadyPending,
    LevelIsRated,
    LevelUnknown,
    QueueIsClosed,
    ShowcaseMissing,
    ShowcaseNotUnderstood,
    UserOnCooldown,
    WrongLevelId,
)
from facades.requests.submit_request import submit_request
from services.geometry_dash import Length
from tests.facades.requests.world import ADMIN, GUILD, LEVEL, MEMBER, OTHER_MEMBER, RequestWorld, person
from tests.fakes.game import a_level
from util.identifiers import CooldownKind, DeliveryKind, EventType, Flag, Parameter, RequestStatus


async def test_a_request_is_stored_with_everything_its_cards_show(world: RequestWorld) -> None:
    speaker = person(1, language="ru")
    taken = await submit_request(
        world.app, actor=speaker, level_id=LEVEL, showcase="youtu.be/dQw4w9WgXcQ?si=x", comment="  please\nlook  "
    )
    request = await world.stored_request(taken.request_id)
    assert (request.guild_id, request.level_id, request.level_name) == (GUILD, LEVEL, "Level 1234")
    assert (request.author_id, request.language, request.status) == (1, "ru", RequestStatus.PENDING)
    assert request.showcase == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert request.comment == "please\nlook"
    assert request.level["difficulty"] == "na"
    assert request.level["stars_requested"] == 5


async def test_a_request_owes_its_cards_and_is_an_event(world: RequestWorld) -> None:
    taken = await world.request()
    (owed,) = await world.owed()
    assert (owed.kind, owed.payload) == (DeliveryKind.REQUEST_CARDS, {"request_id": taken.request_id})
    (event,) = await world.events(EventType.REQUEST_CREATED)
    assert event.actor_id == MEMBER.user_id
    expected = {"request_id": taken.request_id, "level_id": LEVEL, "level_name": "Level 1234", "language": "en"}
    assert event.fields == expected


async def test_the_member_goes_on_cooldown(world: RequestWorld) -> None:
    taken = await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    (cooldown,) = await world.rows(Cooldown)
    ends = world.clock.now() + timedelta(days=3)
    assert (cooldown.kind, cooldown.entity_id, cooldown.ends_at, cooldown.request_id) == (
        CooldownKind.USER,
        1,
        ends,
        taken.request_id,
    )
    (event,) = await world.events(EventType.USER_COOLDOWN_SET)
    assert event.fields == {"user_id": 1, "ends_at": ends.isoformat(), "reason": None, "request_id": taken.request_id}


async def test_a_cooldown_of_zero_is_none(world: RequestWorld) -> None:
    await world.set({Parameter.COOLDOWN_POST_REQUEST_USER_CD: "0"})
    await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    assert await world.count(Cooldown) == 0
    assert not await world.events(EventType.USER_COOLDOWN_SET)


async def test_an_endless_cooldown_is_a_ban(world: RequestWorld) -> None:
    await world.set({Parameter.COOLDOWN_POST_REQUEST_USER_CD: "inf"})
    await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    (cooldown,) = await world.rows(Cooldown)
    assert cooldown.ends_at is None


async def test_who_is_immune_gets_no_cooldown_and_keeps_a_ban(world: RequestWorld) -> None:
    await world.hold_back(CooldownKind.USER, 1)
    immune = person(1, Flag.NO_REQUEST_COOLDOWN)
    await submit_request(world.app, actor=immune, level_id=LEVEL, showcase="", comment="")
    (cooldown,) = await world.rows(Cooldown)
    assert cooldown.ends_at is None
    assert cooldown.request_id is None


async def test_a_lapsed_cooldown_is_overwritten(world: RequestWorld) -> None:
    await world.hold_back(CooldownKind.USER, 1, ends_at=world.clock.now(), reason="old")
    taken = await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    (cooldown,) = await world.rows(Cooldown)
    assert (cooldown.reason, cooldown.request_id) == (None, taken.request_id)


@pytest.mark.parametrize(
    "link", ["https://vimeo.com/1", "https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ", "no link", "x" * 300]
)
async def test_what_is_no_youtube_video_is_refused_and_nothing_is_stored(world: RequestWorld, link: str) -> None:
    with pytest.raises(ShowcaseNotUnderstood):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase=link, comment="")
    assert await world.count(Request) == 0
    assert await world.count(Cooldown) == 0


async def test_a_required_showcase_cannot_be_left_out(world: RequestWorld) -> None:
    world.game.add(a_level(LEVEL, length=Length.PLATFORMER))
    with pytest.raises(ShowcaseMissing):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="  ", comment="")


async def test_a_comment_that_is_too_long_is_refused(world: RequestWorld) -> None:
    with pytest.raises(CommentOutOfRange):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="c" * 401)


async def test_what_changed_since_the_form_was_opened_is_noticed(world: RequestWorld) -> None:
    with pytest.raises(WrongLevelId):
        await submit_request(world.app, actor=MEMBER, level_id=5, showcase="", comment="")
    world.game.add(a_level(LEVEL, stars=3))
    with pytest.raises(LevelIsRated):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    world.game.known.clear()
    with pytest.raises(LevelUnknown):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    world.game.down = True
    with pytest.raises(GameServerSilent):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    await world.hold_back(CooldownKind.USER, 1)
    with pytest.raises(UserOnCooldown):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")
    await close_queue(world.app, actor=ADMIN)
    with pytest.raises(QueueIsClosed):
        await submit_request(world.app, actor=MEMBER, level_id=LEVEL, showcase="", comment="")


async def test_a_level_requested_meanwhile_is_refused(world: RequestWorld) -> None:
    await world.request()
    with pytest.raises(LevelAlreadyPending):
        await submit_request(world.app, actor=OTHER_MEMBER, level_id=LEVEL, showcase="", comment="")


async def test_hostile_characters_of_a_level_reach_no_database(world: RequestWorld) -> None:
    world.game.add(a_level(LEVEL, name="a\x00b\ud800" + "n" * 400, description="\x00\u202e", creator_name="\x00"))
    taken = await world.request(comment="x\x00y\ud801")
    request = await world.stored_request(taken.request_id)
    assert request.level_name.startswith("ab")
    assert request.comment == "xy\N{REPLACEMENT CHARACTER}"


async def test_another_guild_may_request_the_same_level(world: RequestWorld) -> None:
    await world.request()
    foreign = person(1, guild_id=999)
    await submit_request(world.app, actor=foreign, level_id=LEVEL, showcase="", comment="")
    assert await world.count(Request) == 2
