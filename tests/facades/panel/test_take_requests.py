"""Requests from streams: in part when the game server falls silent, once when they come twice at once."""

import asyncio

import pytest

from db.models import Opinion, Request
from facades.panel import take_requests
from facades.panel.pick_request import pick_random_request
from facades.panel.put_off_request import put_off_request
from facades.panel.resolve_on_stream import resolve_on_stream
from facades.panel.take_requests import SomeNotTaken, StreamRequest, take_stream_request, take_stream_requests
from facades.requests.refusals import GameServerSilent
from services.geometry_dash import GeometryDashUnavailable, Level, UnavailableReason
from tests.facades.requests.world import GUILD, LEVEL, OTHER_GUILD, RequestWorld, person
from tests.fakes.game import a_level
from util.actor import Actor
from util.errors import Forbidden
from util.identifiers import DeliveryKind, Flag, Verdict

STREAMER = person(60, Flag.INSERT_REQUESTS)
DECIDING = person(60, Flag.GD_MOD)
JUDGING = person(60, Flag.REVIEWER)
VIDEO = "https://youtu.be/dQw4w9WgXcQ"


def from_stream(level_id: int, **changes: str) -> StreamRequest:
    values = {"creator_name": "Anna", "language": "ru", "showcase": VIDEO} | changes
    return StreamRequest(level_id=level_id, **values)


def upload(world: RequestWorld, count: int) -> list[int]:
    ids = [5000 + number for number in range(count)]
    for level_id in ids:
        world.game.add(a_level(level_id))
    return ids


async def test_what_the_game_server_answered_is_taken_and_the_rest_comes_with_the_next_try(
    world: RequestWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = upload(world, 12)
    level = world.game.level

    async def fail_late(level_id: int) -> Level | None:
        if level_id >= ids[7]:
            raise GeometryDashUnavailable(UnavailableReason.TIMEOUT)
        return await level(level_id)

    batch = [from_stream(level_id) for level_id in ids]
    monkeypatch.setattr(world.game, "level", fail_late)
    with pytest.raises(SomeNotTaken) as caught:
        await take_stream_requests(world.app, actor=STREAMER, requests=batch)
    assert caught.value.phrase.parameters == {"taken": 7, "total": 12}
    assert await world.count(Request) == 7
    monkeypatch.undo()
    numbers = await take_stream_requests(world.app, actor=STREAMER, requests=batch)
    assert len(set(numbers)) == 12
    assert await world.count(Request) == 12


async def test_with_the_game_server_down_nothing_is_taken_but_what_is_known_already(world: RequestWorld) -> None:
    known = await take_stream_request(world.app, actor=STREAMER, request=from_stream(LEVEL))
    world.game.down = True
    assert await take_stream_request(world.app, actor=STREAMER, request=from_stream(LEVEL)) == known
    assert await take_stream_requests(world.app, actor=STREAMER, requests=[from_stream(LEVEL)]) == [known]
    for request in (from_stream(777), from_stream(778)):
        with pytest.raises(GameServerSilent):
            await take_stream_request(world.app, actor=STREAMER, request=request)
    assert await world.count(Request) == 1


async def test_the_game_server_is_asked_in_portions_so_that_members_get_their_turn(world: RequestWorld) -> None:
    ids = upload(world, 35)
    world.game.speaking.clear()
    running = asyncio.create_task(
        take_stream_requests(world.app, actor=STREAMER, requests=[from_stream(level_id) for level_id in ids])
    )
    while len(world.game.asked) < take_requests.ASKED_AT_ONCE:
        await asyncio.sleep(0.001)
    assert world.game.asked == ids[: take_requests.ASKED_AT_ONCE]
    world.game.speaking.set()
    assert len(set(await running)) == 35


async def test_each_request_owes_its_card(world: RequestWorld) -> None:
    ids = upload(world, take_requests.STORED_AT_ONCE + 5)
    await take_stream_requests(world.app, actor=STREAMER, requests=[from_stream(level_id) for level_id in ids])
    owed = [row.kind for row in await world.owed()]
    assert owed == [DeliveryKind.REQUEST_CARDS] * len(ids)


async def test_one_level_at_once_from_two_streams_and_a_member_is_one_request(world: RequestWorld) -> None:
    done = await asyncio.gather(
        *(take_stream_request(world.app, actor=STREAMER, request=from_stream(LEVEL)) for _ in range(4)),
        *(take_stream_requests(world.app, actor=STREAMER, requests=[from_stream(LEVEL)] * 2) for _ in range(3)),
        world.request(LEVEL),
        return_exceptions=True,
    )
    assert await world.count(Request) == 1
    numbers = {number for one in done[:7] for number in (one if isinstance(one, list) else [one])}
    assert len(numbers) == 1, done


async def test_two_decisions_at_once_on_either_database_leave_one(world: RequestWorld) -> None:
    taken = await world.request()
    done = await asyncio.gather(
        *(resolve_on_stream(world.app, actor=DECIDING, request_id=taken.request_id, verdict=Verdict.EPIC) for _ in range(4))
    )
    assert sorted(done) == [False, False, False, True]
    assert await world.count(Opinion) == 1


async def test_putting_off_twice_at_once_on_either_database_leaves_one_opinion(world: RequestWorld) -> None:
    taken = await world.request()
    await asyncio.gather(*(put_off_request(world.app, actor=JUDGING, request_id=taken.request_id) for _ in range(4)))
    assert await world.count(Opinion) == 1
    assert (await world.stored_request(taken.request_id)).judged
    assert await pick_random_request(world.app, actor=JUDGING) is None
    assert await pick_random_request(world.app, actor=person(61, Flag.REVIEWER)) is not None


@pytest.mark.parametrize("flag", [flag for flag in Flag if flag is not Flag.ADMIN])
async def test_each_action_asks_for_its_own_flag(world: RequestWorld, flag: Flag) -> None:
    taken = await world.request()
    actor = Actor(guild_id=GUILD, user_id=60, flags=frozenset({flag}))
    attempts = {
        Flag.INSERT_REQUESTS: lambda: take_stream_request(world.app, actor=actor, request=from_stream(LEVEL)),
        Flag.REVIEWER: lambda: put_off_request(world.app, actor=actor, request_id=taken.request_id),
        Flag.GD_MOD: lambda: resolve_on_stream(world.app, actor=actor, request_id=taken.request_id, verdict=Verdict.EPIC),
    }
    for needed, attempt in attempts.items():
        if needed is flag:
            await attempt()
        else:
            with pytest.raises(Forbidden):
                await attempt()


async def test_a_stream_of_another_guild_has_requests_of_its_own(world: RequestWorld) -> None:
    taken = await world.request()
    stranger = person(60, Flag.INSERT_REQUESTS, guild_id=OTHER_GUILD)
    number = await take_stream_request(world.app, actor=stranger, request=from_stream(LEVEL))
    assert number != taken.request_id
