"""The sandbox's Geometry Dash server, seen from the wire."""

import asyncio
import base64
import json
from pathlib import Path

import aiohttp
import pytest

from sandbox.geometry_dash import Creator, Difficulty, Length, Level, SandboxGeometryDash, Song, catalogue
from sandbox.geometry_dash.faults import HTML_PAGE, REFUSAL
from sandbox.geometry_dash.wire import write_answer

DATA = Path(__file__).parents[2] / "data"
SAMPLE = (DATA / "gd_response_sample.txt").read_text().strip()
IDS = [level.id for level in catalogue.ordinary(120)]


@pytest.fixture
async def server():
    server = SandboxGeometryDash()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def post(server):
    async with aiohttp.ClientSession() as session:

        async def send(ids, *, search_type=19, secret="Wmfd2893gb7", user_agent="", **more):
            form = {"secret": secret, "type": search_type, "str": ",".join(map(str, ids)), **more}
            url = f"{server.base_url}/database/getGJLevels21.php"
            async with session.post(url, data=form, headers={"User-Agent": user_agent}) as response:
                return response.status, await response.text()

        yield send


def ids_of(answer):
    return [int(row.split(":")[1]) for row in answer.split("#")[0].split("|")]


def recorded_levels():
    """Return the levels of the recorded answer, as they were read from it."""
    return [
        Level(
            **recorded
            | {
                "creator": Creator(**recorded["creator"]),
                "song": Song(**recorded["song"]) if "song" in recorded else None,
                "difficulty": Difficulty[recorded["difficulty"].upper()],
                "length": Length[recorded["length"].upper()],
            }
        )
        for recorded in json.loads((DATA / "recorded_levels.json").read_text("utf-8"))
    ]


def test_the_recorded_levels_are_written_exactly_as_recorded():
    assert write_answer(recorded_levels(), total=4, offset=0, amount=10) == SAMPLE


async def test_levels_come_in_pages_of_ten(post):
    _, first = await post(IDS[:13])
    _, second = await post(IDS[:13], page=1)
    _, third = await post(IDS[:13], page=2)
    assert ids_of(first) == IDS[:10]
    assert ids_of(second) == IDS[10:13]
    assert first.split("#")[3] == "13:0:10"
    assert second.split("#")[3] == "13:10:10"
    assert third == "-1"


async def test_a_list_answers_up_to_a_hundred(post):
    _, answer = await post(IDS, search_type=26)
    assert ids_of(answer) == IDS[:100]


async def test_unknown_ids_are_absent(post):
    _, answer = await post([catalogue.UNKNOWN_ID, IDS[0]])
    assert ids_of(answer) == IDS[:1]
    assert await post([catalogue.UNKNOWN_ID]) == (200, "-1")


@pytest.mark.parametrize("more", [{"secret": "wrong"}, {"search_type": 0}])
async def test_a_wrong_secret_or_another_search_finds_nothing(post, more):
    assert await post(IDS[:1], **more) == (200, "-1")


async def test_a_client_that_names_itself_is_refused(post, server):
    assert await post(IDS[:1], user_agent="Python/3.11 aiohttp") == (403, REFUSAL)
    assert server.calls[0].level_ids == (IDS[0],)


async def test_some_creators_are_missing_from_the_answer(post):
    _, answer = await post([catalogue.UNKNOWN_CREATOR.id, catalogue.UNRATED_EASY.id])
    assert answer.split("#")[1] == "7001:AnnaGD:17001"


async def test_the_catalogue_has_every_kind_and_no_id_twice():
    assert len({level.id for level in catalogue.ALL}) == len(catalogue.ALL)
    assert {level.difficulty for level in catalogue.ALL} == set(Difficulty)
    assert {level.length for level in catalogue.ALL} == set(Length)


def test_ordinary_levels_are_always_the_same_and_never_rated():
    assert catalogue.ordinary(500)[:50] == catalogue.ordinary(50)
    assert catalogue.ordinary(1)[0].id == 1_000_001
    for level in catalogue.ordinary(500):
        assert level.stars == 0
        assert level.stars_requested < 10
        assert not level.difficulty.is_demon
        assert level.length is not Length.PLATFORMER


async def test_added_rated_and_removed_levels_are_served_so(post, server):
    new = Level(id=777, name="New: |one#", creator=catalogue.ANNA, description="# |:")
    server.add_level(new)
    server.rate(777, stars=6, difficulty=Difficulty.HARDER)
    _, answer = await post([777])
    fields = answer.split("#")[0].split(":")
    values = dict(zip(fields[::2], fields[1::2], strict=True))
    assert (values["2"], values["18"], values["9"]) == ("New one", "6", "40")
    assert base64.urlsafe_b64decode(values["3"]).decode() == "# |:"
    server.remove_level(777)
    assert await post([777]) == (200, "-1")


async def test_faults_hit_the_number_of_calls_they_were_set_for(post, server):
    server.faults.status(502, times=2)
    assert [(await post(IDS[:1]))[0] for _ in range(3)] == [502, 502, 200]


async def test_replacing_faults_answer_their_text(post, server):
    server.faults.refuse()
    assert await post(IDS[:1]) == (403, REFUSAL)
    server.faults.html()
    assert await post(IDS[:1]) == (200, HTML_PAGE)
    server.faults.garbage("nonsense")
    assert await post(IDS[:1]) == (200, "nonsense")


async def test_a_truncated_answer_is_the_beginning_of_the_right_one(post, server):
    _, whole = await post(IDS[:3])
    server.faults.truncate(times=1)
    _, half = await post(IDS[:3])
    assert whole.startswith(half)
    assert 0 < len(half) < len(whole)


async def test_wrong_ids_are_not_those_asked_for(post, server):
    server.faults.wrong_ids()
    _, answer = await post(IDS[:2])
    assert not set(ids_of(answer)) & set(IDS[:2])


async def test_a_dropped_connection_brings_no_answer(post, server):
    server.faults.drop(times=1)
    with pytest.raises(aiohttp.ClientError):
        await post(IDS[:1])


async def test_a_held_call_is_answered_after_the_release(post, server):
    server.faults.hang()
    held = asyncio.create_task(post(IDS[:1]))
    await server.wait_for_calls(1)
    server.faults.release()
    assert ids_of((await held)[1]) == IDS[:1]


async def test_a_slow_call_is_answered_after_its_time(post, server):
    server.faults.slow(0.02)
    assert ids_of((await post(IDS[:1]))[1]) == IDS[:1]
    first, answered = server.calls[0].at, asyncio.get_running_loop().time()
    assert answered - first >= 0.02


async def test_stopping_lets_go_of_held_calls(server):
    server.faults.hang()
    async with aiohttp.ClientSession() as session:
        url = f"{server.base_url}/database/getGJLevels21.php"
        held = asyncio.create_task(session.post(url, data={"str": "1"}, headers={"User-Agent": ""}))
        await server.wait_for_calls(1)
        await asyncio.wait_for(server.stop(), 5)
        assert (await held).status == 200


async def test_the_address_is_known_only_after_the_start():
    with pytest.raises(RuntimeError):
        _ = SandboxGeometryDash().base_url
