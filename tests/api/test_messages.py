"""What the panel says on Discord at the beginning and the end of a stream."""

from typing import Any

import pytest

from sandbox.discord.models import Message
from services.charts import Chart, ChartUnavailable, Donut
from tests.api.client import Panel
from tests.e2e.shared import ONE_LOOP, guild_of_its_own
from tests.e2e.steps import label, set_route, text
from tests.e2e.world import World
from util.identifiers import Flag, Parameter, Route
from util.texts import Text

pytestmark = ONE_LOOP
world = guild_of_its_own()
END = {"text": "Thanks, all!", "not_reviewed": 4, "approved": 5, "rejected": 3, "later": 2}
PICTURE = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
def drawn(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Chart]:
    """Draw charts as a few bytes and return what was drawn."""
    found: list[Chart] = []

    async def picture(chart: Chart, **_: Any) -> bytes:
        found.append(chart)
        return PICTURE

    monkeypatch.setattr(world.app.charts, "picture", picture)
    return found


async def posted(world: World, route: Route) -> Message:
    await world.settled()
    [message] = world.guild.messages(route)
    return message


# The beginning


async def test_an_announcement_is_posted_as_it_is_and_pings_the_roles_that_it_names(world: World, panel: Panel) -> None:
    guild = world.guild
    role = guild.sandbox.add_role("Stream fans")
    fan, other = guild.sandbox.add_member("Fan", roles=[role]), guild.join("Other")
    said = f"<@&{role.id}> REQUEST STREAM!\nhttps://youtu.be/dQw4w9WgXcQ **now** {other.mention}"
    assert await panel.post("/message/stream_start", {"text": said}) is None
    message = await posted(world, Route.STREAM_START_ANNOUNCEMENT)
    assert message.content == said
    assert message in fan.pings
    assert other.pings == []


@pytest.mark.parametrize("word", ["@everyone", "@here"])
async def test_an_announcement_may_ping_everyone(world: World, panel: Panel, word: str) -> None:
    member = world.guild.join("Mira")
    await panel.post("/message/stream_start", {"text": f"{word} we are live"})
    assert await posted(world, Route.STREAM_START_ANNOUNCEMENT) in member.pings


@pytest.mark.parametrize("said", ["", " \n ", "x" * 2001])
async def test_an_announcement_needs_from_one_to_two_thousand_characters(world: World, panel: Panel, said: str) -> None:
    reply = await panel.call("POST", "/message/stream_start", {"text": said})
    assert reply.status == 422
    assert await panel.post("/message/stream_start", {"text": "ы" * 2000}) is None
    await world.settled()
    assert len(world.guild.messages(Route.STREAM_START_ANNOUNCEMENT)) == 1


@pytest.mark.parametrize("said", ["a\x00b", "\ud800x", "bell\x07"])
async def test_characters_that_no_database_takes_do_no_harm(world: World, panel: Panel, said: str) -> None:
    reply = await panel.call("POST", "/message/stream_start", b'{"text": ' + _json(said) + b"}")
    assert reply.status in {200, 422}, reply
    await world.settled()
    assert len(world.guild.messages(Route.STREAM_START_ANNOUNCEMENT)) == int(reply.status == 200)


def _json(said: str) -> bytes:
    return b'"' + b"".join(b"\\u%04x" % ord(letter) for letter in said) + b'"'


async def test_with_the_route_off_nothing_is_posted_and_the_panel_need_not_know(world: World, panel: Panel) -> None:
    for route in (Route.STREAM_START_ANNOUNCEMENT, Route.STREAM_END_GOODBYE):
        await set_route(world, world.guild, route, enabled=False)
    assert await panel.post("/message/stream_start", {"text": "Hello"}) is None
    assert await panel.post("/message/stream_end", END) is None
    await world.settled()
    assert world.guild.messages(Route.STREAM_START_ANNOUNCEMENT) == world.guild.messages(Route.STREAM_END_GOODBYE) == []


# The end


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_goodbye_has_the_figures_in_words_and_as_a_chart(
    world: World, panel: Panel, drawn: list[Chart], language: str
) -> None:
    await world.set_parameter(Parameter.GUILD_LANGUAGE, language)
    member = world.guild.join("Mira")
    assert await panel.post("/message/stream_end", END | {"text": "@everyone thanks!"}) is None
    message = await posted(world, Route.STREAM_END_GOODBYE)
    assert message.content == "@everyone thanks!"
    assert member.pings == []
    figures = text(Text.PANEL_SUMMARY_FIGURES, language, approved=5, rejected=3, later=2, not_reviewed=4)
    assert message.embeds[0]["description"] == figures
    assert message.embeds[0]["image"]["url"].endswith("stream.png")
    assert len(message.attachments) == 1
    [donut] = drawn
    assert isinstance(donut, Donut)
    assert [(part.name, part.value, part.tone) for part in donut.slices] == [
        (label(Text.PANEL_SUMMARY_APPROVED, language), 5, "good"),
        (label(Text.PANEL_SUMMARY_REJECTED, language), 3, "bad"),
        (label(Text.PANEL_SUMMARY_LATER, language), 2, "later"),
        (label(Text.PANEL_SUMMARY_NOT_REVIEWED, language), 4, "idle"),
    ]
    assert (donut.centre, donut.language) == ("10", language)


async def test_without_a_browser_the_words_are_enough(world: World, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    async def picture(chart: Chart, **_: Any) -> bytes:
        raise ChartUnavailable("no browser")

    monkeypatch.setattr(world.app.charts, "picture", picture)
    await panel.post("/message/stream_end", END | {"text": ""})
    message = await posted(world, Route.STREAM_END_GOODBYE)
    assert message.embeds[0]["description"] == text(
        Text.PANEL_SUMMARY_FIGURES, "en", approved=5, rejected=3, later=2, not_reviewed=4
    )
    assert "image" not in message.embeds[0]
    assert message.attachments == []


async def test_when_nothing_was_reviewed_there_is_only_the_text(world: World, panel: Panel, drawn: list[Chart]) -> None:
    await panel.post("/message/stream_end", {"text": "Sorry!", "not_reviewed": 9, "approved": 0, "rejected": 0, "later": 0})
    message = await posted(world, Route.STREAM_END_GOODBYE)
    assert (message.content, message.embeds, message.attachments, drawn) == ("Sorry!", [], [], [])


async def test_nothing_to_say_at_all_is_refused(panel: Panel) -> None:
    body = {"text": "", "not_reviewed": 9, "approved": 0, "rejected": 0, "later": 0}
    reply = await panel.call("POST", "/message/stream_end", body)
    assert (reply.status, reply.body["error"]) == (422, Text.PANEL_REFUSED_TEXT.value)


@pytest.mark.parametrize("count", [-1, 1.5, "many", None, 10**30])
async def test_figures_are_whole_numbers(panel: Panel, count: object) -> None:
    assert (await panel.call("POST", "/message/stream_end", END | {"later": count})).status == 422


async def test_a_goodbye_comes_after_the_announcement(world: World, panel: Panel, drawn: list[Chart]) -> None:
    channel = world.guild.sandbox.add_channel("streams")
    await set_channel(world, channel.id)
    world.discord.faults.fail(f"/channels/{channel.id}/messages", method="POST", times=1, status=503)
    await panel.post("/message/stream_start", {"text": "First"})
    await panel.post("/message/stream_end", END | {"text": "Last"})
    await world.settled()
    shown = [message.content for message in channel.messages.values() if not message.deleted]
    assert shown == ["First", "Last"]


async def set_channel(world: World, channel_id: int) -> None:
    from db.models import RouteOverride
    from db.upsert import upsert

    async with world.app.transaction(world.guild.id) as tx:
        for route in (Route.STREAM_START_ANNOUNCEMENT, Route.STREAM_END_GOODBYE):
            await upsert(tx.session, RouteOverride, {"guild_id": world.guild.id, "key": route}, {"channel_id": channel_id})
        tx.settings_changed = True


async def test_somebody_with_every_flag_but_no_token_says_nothing(world: World, panel: Panel) -> None:
    world.guild.join("Ada", *Flag)
    reply = await panel.with_token(None).call("POST", "/message/stream_start", {"text": "Hello"})
    assert reply.status == 401
    await world.settled()
    assert world.guild.messages(Route.STREAM_START_ANNOUNCEMENT) == []
