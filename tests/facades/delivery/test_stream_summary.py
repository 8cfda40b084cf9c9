"""The end of a stream arrives once, with its picture or without."""

from datetime import timedelta
from typing import Any

import pytest

from facades.delivery.send_stream_summary import PICTURE
from facades.panel.conclude_stream import StreamFigures, conclude_stream
from services.charts import Chart, ChartUnavailable
from services.discord import DiscordForbidden, DiscordUnavailable
from tests.db.factories import GUILD
from tests.facades.delivery.world import DeliveryWorld
from tests.fakes.discord import Died
from util.actor import Actor
from util.identifiers import Flag, Route

CHANNEL = 71
STREAMER = Actor(guild_id=GUILD, user_id=5, flags=frozenset({Flag.GD_MOD}))
FIGURES = StreamFigures(not_reviewed=1, approved=2, rejected=3, later=0)


async def conclude(world: DeliveryWorld) -> None:
    await world.route(Route.STREAM_END_GOODBYE, CHANNEL)
    await conclude_stream(world.app, actor=STREAMER, text="Bye", figures=FIGURES)


def with_browser(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch, *, works: bool) -> None:
    async def picture(chart: Chart, **_: Any) -> bytes:
        if not works:
            raise ChartUnavailable("the browser is gone")
        return b"picture"

    monkeypatch.setattr(world.app.charts, "picture", picture)


async def test_the_picture_is_shown_in_the_figures(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    await conclude(world)
    with_browser(world, monkeypatch, works=True)
    await world.deliver()
    [message] = world.discord.in_channel(CHANNEL)
    [upload], [embed] = message.payload.uploads, message.payload.embeds
    assert (upload.filename, upload.data) == (PICTURE, b"picture")
    assert upload.description == embed["description"]
    assert embed["image"] == {"url": f"attachment://{PICTURE}"}
    assert message.payload.content == "Bye"


@pytest.mark.parametrize("pause", [timedelta(seconds=30), timedelta(hours=2)], ids=["shortly", "for long"])
async def test_a_crash_after_the_sending_leaves_one_message_even_if_the_browser_dies_too(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch, pause: timedelta
) -> None:
    await conclude(world)
    with_browser(world, monkeypatch, works=True)
    world.discord.after = lambda number, method: (_ for _ in ()).throw(Died()) if number == 0 else None
    with pytest.raises(Died):
        await world.deliver()
    world.clock.advance(pause)
    await world.restart()
    with_browser(world, monkeypatch, works=False)
    await world.deliver()
    assert len(world.discord.in_channel(CHANNEL)) == 1
    assert await world.owed() == []


async def test_an_outage_of_discord_is_waited_out(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    await conclude(world)
    with_browser(world, monkeypatch, works=True)
    world.discord.errors[CHANNEL] = DiscordUnavailable("down")
    await world.deliver()
    assert len(await world.owed()) == 1
    del world.discord.errors[CHANNEL]
    world.clock.advance(timedelta(minutes=1))
    await world.deliver()
    assert len(world.discord.in_channel(CHANNEL)) == 1


async def test_without_the_right_to_attach_files_the_words_are_sent(
    world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await conclude(world)
    with_browser(world, monkeypatch, works=True)

    def refuse(number: int, method: str) -> None:
        if number == 0:
            raise DiscordForbidden("attach files", status=403, code=50013)

    world.discord.before = refuse
    await world.deliver()
    [message] = world.discord.in_channel(CHANNEL)
    assert message.payload.uploads == ()
    assert "image" not in message.payload.embeds[0]


async def test_a_channel_that_is_gone_is_given_up(world: DeliveryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    await conclude(world)
    with_browser(world, monkeypatch, works=True)
    world.discord.gone_channels.add(CHANNEL)
    await world.deliver()
    assert await world.owed() == []
    assert any(str(CHANNEL) in said for said in world.discord.contents(11))
