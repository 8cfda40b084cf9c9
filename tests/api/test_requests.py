"""What the panel does with requests, and what Discord shows of it."""

import asyncio
from datetime import UTC, datetime

import pytest

from sandbox.geometry_dash import catalogue
from tests.api.client import Panel, panel_of, token_of
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import (
    VIDEO,
    ask,
    assert_told,
    everything,
    field,
    label,
    log_entries,
    new_level,
    opine,
    request,
    request_id,
    resolution_card,
    resolve,
)
from tests.e2e.world import World
from util.identifiers import EventType, Flag, Parameter, Route, Verdict
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=754"


def creation(level_id: int, **changes: object) -> dict[str, object]:
    return {"level_id": level_id, "creator_name": "Anna", "language": "rus", "showcase_yt_link": VIDEO} | changes


# Picking


@pytest.mark.parametrize("path", ["/request/random", "/request/oldest"])
async def test_without_a_pending_request_there_is_null(panel: Panel, path: str) -> None:
    assert await panel.get(path) is None


async def test_a_picked_request_has_exactly_the_fields_of_the_client(world: World, panel: Panel) -> None:
    level, mira = new_level(world), world.guild.join("Mira", locale="ru")
    card = await request(world, world.guild, mira, level, showcase=VIDEO, comment="Please")
    picked = await panel.get("/request/oldest")
    assert picked == await panel.get("/request/random")
    assert picked.pop("created_at") == picked["requested_at"]
    moment = datetime.fromisoformat(picked.pop("requested_at"))
    assert moment.utcoffset() == datetime.now(UTC).utcoffset()
    assert picked == {
        "id": request_id(card),
        "level_id": level.id,
        "language": "rus",
        "level_name": level.name,
        "yt_link": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "additional_comment": "Please",
        "request_author": str(mira.id),
        "is_author_user_id": True,
        "details_message_id": card.id,
        "details_message_channel_id": card.channel.id,
        "resolution_message_id": None,
        "resolution_message_channel_id": None,
    }
    await opine(world.guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, world.guild, request_id(card))
    picked = await panel.get("/request/oldest")
    assert (picked["resolution_message_id"], picked["resolution_message_channel_id"]) == (shown.id, shown.channel.id)


async def test_the_oldest_comes_first_and_every_one_comes_at_random(world: World, panel: Panel) -> None:
    cards = [await request(world, world.guild, world.guild.join(f"Member {n}"), new_level(world)) for n in range(3)]
    numbers = [request_id(card) for card in cards]
    assert (await panel.get("/request/oldest"))["id"] == numbers[0]
    assert {(await panel.get("/request/random"))["id"] for _ in range(40)} == set(numbers)


async def test_the_name_of_somebody_who_is_no_member_is_no_user_id(panel: Panel) -> None:
    await panel.post("/request/create", creation(catalogue.UNRATED_EASY.id, creator_name="123456789012345678"))
    picked = await panel.get("/request/random")
    assert (picked["request_author"], picked["is_author_user_id"]) == ("123456789012345678", False)


# Resolving


@pytest.mark.parametrize(
    ("sent_for", "verdict"),
    [
        ("s", Verdict.STAR_RATE),
        ("f", Verdict.FEATURE),
        ("e", Verdict.EPIC),
        ("m", Verdict.MYTHIC),
        ("l", Verdict.LEGENDARY),
    ],
)
async def test_what_is_sent_on_stream_is_told_to_the_author_with_the_streams_link(
    world: World, panel: Panel, sent_for: str, verdict: Verdict
) -> None:
    guild, mira, streamer = world.guild, world.guild.join("Mira"), world.guild.join("Streamer")
    await world.set_parameter(Parameter.STREAM_ACCOUNT, str(streamer.id))
    card = await request(world, guild, mira, new_level(world))
    body = {"request_id": request_id(card), "sent_for": sent_for, "stream_link": LINK}
    assert await panel.post("/request/resolve", body) is True
    await world.settled()
    [notice] = guild.messages(Route.APPROVAL_NOTIFICATION)
    assert label(Text.PANEL_REASON_RESOLVED_LINK, "en", link=LINK) in notice.content
    assert notice.id in {message.id for message in mira.pings}
    [archived], [decided] = guild.messages(Route.ARCHIVE), guild.messages(Route.RESOLUTION)
    assert guild.messages(Route.PENDING_REQUEST) == []
    assert archived
    shown = field(decided, Text.CARD_FIELD_RESOLUTIONS)
    assert streamer.mention in shown
    assert LINK in shown
    [entry] = log_entries(guild, EventType.RESOLUTION_ADDED)
    assert verdict.value in str(entry)
    assert await panel.get("/request/oldest") is None


async def test_a_rejection_on_stream_holds_the_level_back_and_says_why_in_the_requests_language(
    world: World, panel: Panel
) -> None:
    guild, level = world.guild, new_level(world)
    card = await request(world, guild, guild.join("Mira", locale="ru"), level)
    assert await panel.post("/request/resolve", {"request_id": request_id(card), "sent_for": None, "stream_link": None}) is True
    await world.settled()
    [notice] = guild.messages(Route.REJECTION_NOTIFICATION)
    assert label(Text.PANEL_REASON_RESOLVED, "ru") in notice.content
    assert_told(await ask(guild, guild.join("Nora"), level), Text.REQUEST_REFUSED_LEVEL_COOLDOWN)


async def test_what_is_resolved_already_stays_as_it_is(world: World, panel: Panel) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), new_level(world))
    body = {"request_id": request_id(card), "sent_for": "e", "stream_link": None}
    assert await panel.post("/request/resolve", body) is True
    assert await panel.post("/request/resolve", body) is False
    assert await panel.post("/request/resolve", body | {"sent_for": None}) is False
    await world.settled()
    assert len(guild.messages(Route.APPROVAL_NOTIFICATION)) == 1
    assert guild.messages(Route.REJECTION_NOTIFICATION) == []
    assert len(log_entries(guild, EventType.RESOLUTION_ADDED)) == 1


async def test_a_decision_on_discord_counts_as_well(world: World, panel: Panel) -> None:
    guild = world.guild
    card = await request(world, guild, guild.join("Mira"), new_level(world))
    await opine(guild.join("Rhea", Flag.REVIEWER), card)
    shown = await resolution_card(world, guild, request_id(card))
    await resolve(guild.join("Mo", Flag.GD_MOD), shown, Verdict.EPIC)
    assert await panel.post("/request/resolve", {"request_id": request_id(card), "sent_for": "s"}) is False
    reply = await panel.call("POST", "/request/preapprove", {"request_id": request_id(card)})
    assert (reply.status, reply.body["error"]) == (409, Text.OPINION_REFUSED_RESOLVED.value)


async def test_two_decisions_at_once_leave_one(world: World, panel: Panel) -> None:
    card = await request(world, world.guild, world.guild.join("Mira"), new_level(world))
    bodies = [{"request_id": request_id(card), "sent_for": grade} for grade in ("s", None, "e", "m")]
    answers = await asyncio.gather(*(panel.post("/request/resolve", body) for body in bodies))
    assert sorted(answers) == [False, False, False, True]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://", "https://a b", "ftp://x.y/z", "https://x.y/" + "z" * 200])
async def test_a_link_that_is_none_is_refused_and_nothing_decided(world: World, panel: Panel, link: str) -> None:
    card = await request(world, world.guild, world.guild.join("Mira"), new_level(world))
    body = {"request_id": request_id(card), "sent_for": "s", "stream_link": link}
    reply = await panel.call("POST", "/request/resolve", body)
    assert (reply.status, reply.body["error"]) == (422, Text.PANEL_REFUSED_LINK.value)
    assert (await panel.get("/request/oldest"))["id"] == request_id(card)


# Putting off


async def test_what_is_put_off_gets_the_streamers_approval_and_does_not_come_again(world: World, panel: Panel) -> None:
    guild, streamer = world.guild, world.guild.join("Streamer", Flag.TRAINEE)
    await world.set_parameter(Parameter.STREAM_ACCOUNT, str(streamer.id))
    first = await request(world, guild, guild.join("Mira"), new_level(world))
    second = await request(world, guild, guild.join("Nora"), new_level(world))
    for _ in range(2):
        assert await panel.post("/request/preapprove", {"request_id": request_id(first)}) is None
    shown = await resolution_card(world, guild, request_id(first))
    consensus = field(shown, Text.CARD_FIELD_CONSENSUS, approvals=1, rejections=0)
    assert streamer.mention in consensus
    assert label(Text.PANEL_REASON_PUT_OFF) in consensus
    assert len(log_entries(guild, EventType.OPINION_ADDED)) == 1
    assert {(await panel.get("/request/random"))["id"] for _ in range(10)} == {request_id(second)}
    assert (await panel.get("/request/oldest"))["id"] == request_id(second)
    # It is still to be decided, also on stream.
    assert await panel.post("/request/resolve", {"request_id": request_id(first), "sent_for": "f"}) is True


async def test_a_request_that_is_not_there_cannot_be_decided(panel: Panel) -> None:
    for path in ("/request/resolve", "/request/preapprove"):
        reply = await panel.call("POST", path, {"request_id": 999_999})
        assert (reply.status, reply.body["error"]) == (404, Text.REQUEST_NOT_FOUND.value)


# Creating


async def test_a_request_from_a_stream_says_where_it_came_from(world: World, panel: Panel) -> None:
    await world.set_parameter(Parameter.GUILD_LANGUAGE, "ru")
    number = await panel.post("/request/create", creation(catalogue.UNRATED_EASY.id))
    await world.settled()
    [card] = world.guild.messages(Route.PENDING_REQUEST)
    assert request_id(card) == number
    assert label(Text.PANEL_COMMENT, "ru") in everything(card)
    assert "Anna" in everything(card)
    assert await panel.post("/request/create", creation(catalogue.UNRATED_EASY.id, creator_name="Bob")) == number


async def test_digits_are_taken_for_the_number(panel: Panel) -> None:
    typed = creation(catalogue.UNRATED_EASY.id) | {"level_id": str(catalogue.UNRATED_EASY.id)}
    number = await panel.post("/request/create", typed)
    assert await panel.post("/request/resolve", {"request_id": str(number), "sent_for": None}) is True
    for wrong in (True, " 2011", "2011.0", "٢٠١١", "1" * 30):
        assert (await panel.call("POST", "/request/create", typed | {"level_id": wrong})).status == 422


async def test_on_twitch_the_streams_page_becomes_the_comment(world: World, panel: Panel) -> None:
    page = "https://www.twitch.tv/streamer_x"
    await panel.post("/request/create", creation(catalogue.UNRATED_EASY.id, showcase_yt_link=page))
    picked = await panel.get("/request/random")
    assert picked["yt_link"] is None
    assert picked["additional_comment"] == label(Text.PANEL_COMMENT_LINK, "en", link=page)


async def test_a_level_that_a_member_requested_already_keeps_its_request(world: World, panel: Panel) -> None:
    level = new_level(world)
    card = await request(world, world.guild, world.guild.join("Mira"), level)
    assert await panel.post("/request/create", creation(level.id)) == request_id(card)
    assert await panel.post("/request/create_batch", [creation(level.id)]) == [request_id(card)]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"level_id": 199}, 422, Text.REQUEST_REFUSED_LEVEL_ID),
        ({"level_id": 10**40}, 422, Text.REQUEST_REFUSED_LEVEL_ID),
        ({"level_id": 987_654}, 404, Text.REQUEST_REFUSED_UNKNOWN),
        ({"creator_name": " "}, 422, Text.REQUEST_INSERT_REFUSED_NOBODY),
        ({"creator_name": "x" * 101}, 422, Text.REQUEST_INSERT_REFUSED_NAME),
        ({"showcase_yt_link": "https://example.org/video"}, 422, Text.REQUEST_REFUSED_SHOWCASE_WRONG),
    ],
)
async def test_what_cannot_be_requested_is_refused(panel: Panel, changes: dict[str, object], status: int, code: Text) -> None:
    reply = await panel.call("POST", "/request/create", creation(catalogue.UNRATED_EASY.id) | changes)
    assert (reply.status, reply.body["error"]) == (status, code.value)
    assert await panel.get("/request/random") is None


async def test_one_request_does_not_close_the_queue_and_a_batch_does(world: World, panel: Panel) -> None:
    for key, value in {Parameter.QUEUE_BLOCK_AT: "1", Parameter.QUEUE_BLOCK_ENABLED: "true"}.items():
        await world.set_parameter(key, value)
    await panel.post("/request/create", creation(catalogue.UNRATED_EASY.id))
    await panel.post("/request/create", creation(catalogue.UNRATED_HARD.id))
    await world.settled()
    assert world.guild.messages(Route.REQUESTS_CLOSED) == []
    await panel.post("/request/create_batch", [creation(new_level(world).id)])
    await world.settled()
    assert len(world.guild.messages(Route.REQUESTS_CLOSED)) == 1


async def test_a_bad_one_in_a_batch_does_not_lose_the_others(world: World, panel: Panel) -> None:
    good = [new_level(world).id for _ in range(3)]
    known = await panel.post("/request/create", creation(good[0]))
    batch = [
        creation(good[1], creator_name=12345),
        creation(5),
        creation(good[0]),
        creation(987_655),
        creation(good[1]),
        creation(good[2], showcase_yt_link="https://example.org"),
        creation(good[2]),
    ]
    numbers = await panel.post("/request/create_batch", batch)
    assert [place for place, number in enumerate(numbers) if number is None] == [1, 3, 5]
    assert (numbers[0], numbers[2]) == (numbers[4], known)
    assert len({numbers[0], numbers[2], numbers[6]}) == 3
    assert await panel.post("/request/create_batch", batch) == numbers
    assert await panel.post("/request/create_batch", []) == []


async def test_a_batch_asks_the_game_server_for_ten_levels_at_once(world: World, panel: Panel) -> None:
    batch = [creation(new_level(world).id) for _ in range(25)]
    world.game.calls.clear()
    numbers = await panel.post("/request/create_batch", batch)
    assert len(set(numbers)) == 25
    assert len(world.game.calls) == 3


async def test_two_calls_at_once_for_one_level_make_one_request(world: World, panel: Panel) -> None:
    one, two = new_level(world).id, new_level(world).id
    alone, together = await asyncio.gather(
        asyncio.gather(*(panel.post("/request/create", creation(one)) for _ in range(5))),
        asyncio.gather(*(panel.post("/request/create_batch", [creation(two), creation(one)]) for _ in range(3))),
    )
    assert len({*alone, *(numbers[1] for numbers in together)}) == 1
    assert len({numbers[0] for numbers in together}) == 1
    await world.settled()
    assert len(world.guild.messages(Route.PENDING_REQUEST)) == 2


async def test_one_guilds_token_reaches_nothing_of_another(world: World, panel: Panel) -> None:
    other = await world.add_guild("Others")
    card = await request(world, other, other.join("Mira"), new_level(world))
    for path in ("/request/resolve", "/request/preapprove"):
        reply = await panel.call("POST", path, {"request_id": request_id(card)})
        assert (reply.status, reply.body["error"]) == (404, Text.REQUEST_NOT_FOUND.value)
    assert await panel.get("/request/oldest") is None
    async with panel_of(world, await token_of(world, other)) as theirs:
        assert (await theirs.get("/request/oldest"))["id"] == request_id(card)
