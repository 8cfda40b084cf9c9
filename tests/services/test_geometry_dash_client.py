"""The client of the Geometry Dash server, over real HTTP to the sandbox's."""

import asyncio
from itertools import pairwise

import aiohttp
import pytest

from sandbox.geometry_dash import SandboxGeometryDash, catalogue
from services.geometry_dash import (
    BreakerState,
    Difficulty,
    GeometryDash,
    GeometryDashUnavailable,
    Grade,
    Length,
    UnavailableReason,
)
from tests.fakes.clock import SteerableClock

EASY = catalogue.UNRATED_EASY.id
IDS = [level.id for level in catalogue.ordinary(25)]


@pytest.fixture
async def server():
    server = SandboxGeometryDash()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def clock():
    return SteerableClock()


@pytest.fixture
async def gd(server, clock):
    client = GeometryDash(server.base_url, clock=clock, pace=0.001, call_timeout=5)
    yield client
    await client.close()


async def failure(awaitable):
    with pytest.raises(GeometryDashUnavailable) as caught:
        await awaitable
    return caught.value.reason


async def test_a_level_is_found(gd, server):
    level = await gd.level(EASY)
    assert level is not None
    assert (level.name, level.creator_name, level.difficulty) == ("Green Meadow", "AnnaGD", Difficulty.EASY)
    assert (level.length, level.grade, level.game_version) == (Length.SHORT, Grade.UNRATED, "2.2")
    assert server.calls[0].form == {"secret": "Wmfd2893gb7", "type": "19", "str": str(EASY)}


async def test_the_user_agent_goes_over_the_wire_empty(gd, server):
    await gd.level(EASY)
    assert server.calls[0].user_agent == ""


async def test_a_level_that_does_not_exist_is_none(gd):
    assert await gd.level(catalogue.UNKNOWN_ID) is None


async def test_every_level_of_the_catalogue_is_understood(gd):
    levels = await gd.levels(level.id for level in catalogue.ALL)
    assert set(Difficulty) <= {level.difficulty for level in levels.values()}
    assert set(Grade) <= {level.grade for level in levels.values()}
    assert set(Length) <= {level.length for level in levels.values()}
    assert levels[catalogue.CYRILLIC.id].description == catalogue.CYRILLIC.description
    assert levels[catalogue.HOSTILE.id].description == catalogue.HOSTILE.description
    assert levels[catalogue.HOSTILE.id].name == catalogue.HOSTILE.name.replace("|", "")
    assert levels[catalogue.UNKNOWN_CREATOR.id].creator_name is None
    assert levels[catalogue.VERSION_1_0.id].game_version == "1.0"
    assert levels[catalogue.NEGATIVE_LIKES.id].likes == -4_321


async def test_levels_come_in_the_order_asked_for_with_the_absent_ones(gd, server):
    assert list(await gd.levels([IDS[3], catalogue.UNKNOWN_ID, IDS[1], IDS[3]])) == [IDS[3], catalogue.UNKNOWN_ID, IDS[1]]
    assert len(server.calls) == 1


async def test_what_waits_is_gathered_into_calls_of_ten(gd, server):
    found = await asyncio.gather(*map(gd.level, IDS))
    assert [level.id for level in found] == IDS
    assert [len(call.level_ids) for call in server.calls] == [10, 10, 5]


async def test_calls_start_at_least_the_pace_apart(server):
    pace = 0.15
    gd = GeometryDash(server.base_url, pace=pace)
    await gd.level(EASY)
    await gd.levels(IDS)
    await gd.close()
    times = [call.at for call in server.calls]
    assert len(times) == 4
    # Half a pace of slack: what is measured is when a busy loop got round to each call.
    assert min(later - earlier for earlier, later in pairwise(times)) > pace / 2
    assert times[-1] - times[0] > 2.5 * pace


async def test_a_slow_call_does_not_hold_up_the_next_one(gd, server):
    server.faults.hang(times=1)
    held = asyncio.create_task(gd.level(IDS[0]))
    await server.wait_for_calls(1)
    assert (await gd.level(IDS[1])).id == IDS[1]
    server.faults.release()
    assert (await held).id == IDS[0]


async def test_two_who_ask_for_one_level_share_a_lookup(gd, server):
    server.faults.hang()
    first, second = (asyncio.create_task(gd.level(EASY)) for _ in range(2))
    await server.wait_for_calls(1)
    third = asyncio.create_task(gd.level(EASY))
    await asyncio.sleep(0)
    server.faults.release()
    assert await first is await second is await third
    assert len(server.calls) == 1


async def test_one_who_gives_up_does_not_end_the_lookup_for_others(gd, server):
    server.faults.hang()
    hasty = asyncio.create_task(gd.level(EASY))
    patient = asyncio.create_task(gd.level(EASY))
    await server.wait_for_calls(1)
    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    server.faults.release()
    assert (await patient).id == EASY


async def test_a_lookup_everybody_gave_up_on_still_fills_the_cache(gd, server):
    server.faults.hang()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(gd.level(EASY), 0.02)
    await server.wait_for_calls(1)
    waiting = asyncio.create_task(gd.level(EASY))
    server.faults.release()
    await waiting
    assert gd.peek(EASY).id == EASY
    assert len(server.calls) == 1


async def test_found_levels_are_kept_for_five_minutes(gd, server, clock):
    await gd.level(EASY)
    clock.advance(299)
    await gd.level(EASY)
    assert gd.peek(EASY) is not None
    assert len(server.calls) == 1
    clock.advance(2)
    assert gd.peek(EASY) is None
    await gd.level(EASY)
    assert len(server.calls) == 2


async def test_absent_levels_are_kept_for_a_shorter_time(gd, server, clock):
    new = catalogue.ordinary(1)[0]
    server.remove_level(new.id)
    assert await gd.level(new.id) is None
    server.add_level(new)
    assert await gd.level(new.id) is None
    assert gd.peek(new.id) is None
    clock.advance(61)
    assert (await gd.level(new.id)).id == new.id


async def test_an_invalidated_level_is_asked_for_again(gd, server):
    assert not (await gd.level(EASY)).is_rated
    server.rate(EASY, stars=2, feature_score=5)
    assert not (await gd.level(EASY)).is_rated
    gd.invalidate(EASY)
    assert (await gd.level(EASY)).grade is Grade.FEATURE


async def test_an_answer_on_its_way_when_the_level_was_invalidated_is_not_kept(gd, server):
    server.faults.hang(times=1)
    early = asyncio.create_task(gd.level(EASY))
    await server.wait_for_calls(1)
    gd.invalidate(EASY)
    late = asyncio.create_task(gd.level(EASY))
    await server.wait_for_calls(2)
    await late
    server.rate(EASY, stars=2)
    server.faults.release()
    assert (await early).is_rated
    assert not gd.peek(EASY).is_rated


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda faults: faults.status(503), UnavailableReason.SERVER_ERROR),
        (lambda faults: faults.status(500), UnavailableReason.SERVER_ERROR),
        (lambda faults: faults.status(429), UnavailableReason.REFUSED),
        (lambda faults: faults.status(301), UnavailableReason.REFUSED),
        (lambda faults: faults.refuse(), UnavailableReason.REFUSED),
        (lambda faults: faults.refuse(status=200), UnavailableReason.REFUSED),
        (lambda faults: faults.html(), UnavailableReason.REFUSED),
        (lambda faults: faults.garbage(), UnavailableReason.GARBAGE),
        (lambda faults: faults.garbage("x" * (2 << 20)), UnavailableReason.GARBAGE),
        (lambda faults: faults.garbage(""), UnavailableReason.GARBAGE),
        (lambda faults: faults.truncate(), UnavailableReason.GARBAGE),
        (lambda faults: faults.wrong_ids(), UnavailableReason.GARBAGE),
        (lambda faults: faults.drop(), UnavailableReason.CONNECTION),
    ],
)
async def test_every_way_to_fail_is_unavailability_with_its_reason(gd, server, break_it, reason):
    break_it(server.faults)
    assert await failure(gd.level(EASY)) is reason
    assert gd.peek(EASY) is None
    server.faults.clear()
    assert (await gd.level(EASY)).id == EASY


async def test_a_server_that_takes_too_long_is_given_up(server):
    server.faults.hang()
    gd = GeometryDash(server.base_url, pace=0.001, call_timeout=0.05)
    assert await failure(gd.level(EASY)) is UnavailableReason.TIMEOUT
    await gd.close()


async def test_a_server_that_is_not_there_is_unavailable(server):
    await server.stop()
    gd = GeometryDash(server.base_url, pace=0.001)
    assert await failure(gd.level(EASY)) is UnavailableReason.CONNECTION
    await gd.close()


async def test_all_of_a_failed_call_fail_each_with_an_exception_of_their_own(gd, server):
    server.faults.status(503, times=1)
    results = await asyncio.gather(*map(gd.level, IDS[:10]), return_exceptions=True)
    assert len({id(error) for error in results}) == 10
    assert {error.reason for error in results} == {UnavailableReason.SERVER_ERROR}


async def fail_three_times(gd, server):
    server.faults.status(503)
    for level_id in IDS[:3]:
        assert await failure(gd.level(level_id)) is UnavailableReason.SERVER_ERROR


async def test_three_failed_calls_in_a_row_pause_the_asking(gd, server, clock):
    await gd.level(EASY)
    await fail_three_times(gd, server)
    health = gd.health()
    assert health.state is BreakerState.OPEN
    assert not health.is_up
    assert (health.failures_in_row, health.last_failure) == (3, UnavailableReason.SERVER_ERROR)
    assert (health.resumes_at - clock.now()).total_seconds() == 30
    assert await failure(gd.level(IDS[5])) is UnavailableReason.PAUSED
    assert (await gd.level(EASY)).id == EASY
    assert len(server.calls) == 4


async def test_a_success_in_between_starts_the_count_anew(gd, server):
    for level_id in IDS[:6]:
        server.faults.status(503, times=1)
        await failure(gd.level(level_id))
        await gd.level(level_id)
    assert gd.health().state is BreakerState.CLOSED
    assert gd.health().is_up


async def test_after_the_pause_one_call_decides_and_others_are_refused_meanwhile(gd, server, clock):
    await fail_three_times(gd, server)
    clock.advance(30)
    server.faults.hang()
    probe = asyncio.create_task(gd.level(IDS[0]))
    await server.wait_for_calls(4)
    assert gd.health().state is BreakerState.PROBING
    assert await failure(gd.level(IDS[1])) is UnavailableReason.PAUSED
    server.faults.release()
    assert (await probe).id == IDS[0]
    assert gd.health().is_up
    assert (await gd.level(IDS[1])).id == IDS[1]


async def test_a_failed_probe_pauses_again(gd, server, clock):
    await fail_three_times(gd, server)
    clock.advance(30)
    assert await failure(gd.level(IDS[0])) is UnavailableReason.SERVER_ERROR
    assert await failure(gd.level(IDS[0])) is UnavailableReason.PAUSED
    assert len(server.calls) == 4
    clock.advance(30)
    server.faults.clear()
    assert (await gd.level(IDS[0])).id == IDS[0]


async def test_what_still_waits_when_the_pause_begins_is_refused(gd, server):
    server.faults.status(503)
    results = await asyncio.gather(*map(gd.level, [level.id for level in catalogue.ordinary(200)]), return_exceptions=True)
    reasons = {error.reason for error in results}
    assert reasons <= {UnavailableReason.SERVER_ERROR, UnavailableReason.PAUSED}
    assert gd.health().waiting == 0
    assert gd.health().state is BreakerState.OPEN


async def test_one_unreadable_level_does_not_fail_the_others_of_its_call(gd, server):
    body = f"1:{IDS[0]}:2|1:{IDS[1]}:2:Fine###2:0:10#{'0' * 40}"
    server.faults.garbage(body)
    broken, fine = await asyncio.gather(gd.level(IDS[0]), gd.level(IDS[1]), return_exceptions=True)
    assert broken.reason is UnavailableReason.GARBAGE
    assert fine.name == "Fine"


async def test_the_health_tells_what_happened(gd, server, clock):
    before = gd.health()
    assert (before.calls, before.last_answer_at, before.last_failure, before.resumes_at) == (0, None, None, None)
    await gd.level(EASY)
    clock.advance(5)
    server.faults.drop(times=1)
    await failure(gd.level(IDS[0]))
    after = gd.health()
    assert (after.calls, after.cached, after.in_flight, after.waiting) == (2, 1, 0, 0)
    assert (after.last_failure_at - after.last_answer_at).total_seconds() == 5
    assert after.last_failure is UnavailableReason.CONNECTION


async def test_closing_ends_every_wait(server):
    gd = GeometryDash(server.base_url, pace=60)
    server.faults.hang()
    asked = asyncio.create_task(gd.level(IDS[0]))
    await server.wait_for_calls(1)
    queued = asyncio.create_task(gd.level(IDS[1]))
    await asyncio.sleep(0)
    await gd.close()
    assert await failure(asked) is UnavailableReason.CLOSED
    assert await failure(queued) is UnavailableReason.CLOSED
    assert await failure(gd.level(IDS[2])) is UnavailableReason.CLOSED


async def test_a_lent_session_stays_open(server):
    async with aiohttp.ClientSession() as session:
        gd = GeometryDash(server.base_url + "/", session=session, pace=0.001)
        assert (await gd.level(EASY)).id == EASY
        await gd.close()
        assert not session.closed


async def test_an_id_below_one_is_an_error_of_the_caller(gd):
    with pytest.raises(ValueError, match="no level id"):
        await gd.level(0)


async def test_an_unexpected_error_reaches_the_waiters_and_does_not_block_later_lookups(gd, monkeypatch):
    async def explode(_ids):
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr(gd._transport, "fetch", explode)
        with pytest.raises(RuntimeError, match="mistake"):
            await gd.level(EASY)
    assert (await gd.level(EASY)).id == EASY


async def test_many_who_ask_one_after_the_other_share_full_calls(server, clock):
    client = GeometryDash(server.base_url, clock=clock, pace=0.2, call_timeout=5, gathering=0.05)
    levels = [level.id for level in catalogue.ordinary(50)]

    async def ask(number, level_id):
        await asyncio.sleep(number * 0.002)
        return await client.level(level_id)

    found = await asyncio.gather(*(ask(number, level_id) for number, level_id in enumerate(levels)))
    await client.close()
    assert all(found)
    assert [len(call.level_ids) for call in server.calls] == [10] * 5
