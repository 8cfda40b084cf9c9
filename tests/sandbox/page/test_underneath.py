"""The side panel: traffic, faults, the bot's process, what is owed."""

from __future__ import annotations

import json

import pytest

from sandbox.discord.models import Application
from sandbox.geometry_dash import SandboxGeometryDash
from sandbox.page import BotTrouble
from sandbox.page.backlog import read_backlog
from sandbox.page.traffic import shortened, shown_path
from tests.sandbox.discord.conftest import Setup
from tests.sandbox.discord.sample_bot import build
from tests.sandbox.page.conftest import House, Json, Page, came_last, open_house


def items(page: Page) -> list[Json]:
    """Return all traffic a page was told of."""
    return [item for event in page.events if event["ev"] == "traffic" for item in event["items"]]


async def test_traffic_is_told_to_whoever_asked_and_without_tokens(house: House):
    application: Application = house.setup.application
    page, other = await house.page(house.setup.mira), await house.page(house.setup.noor)
    await page.do("traffic", on=True)
    await page.do("slash", channel_id=house.channel_id, command="hello", options={"name": "you"})
    await page.hear("traffic", lambda event: any(item["kind"] == "interaction" for item in items(page)))
    await page.hear("traffic", lambda event: any("callback" in item["name"] for item in items(page)))
    found = {item["kind"]: item for item in items(page) if item["name"] != "MESSAGE_CREATE"}
    assert found["rest"]["status"] == 204 or found["rest"]["status"] == 200
    assert found["interaction"] | {"ms": 0, "n": 0, "at": 0} == {
        "kind": "interaction",
        "direction": "out",
        "name": "/hello",
        "user": "Mira",
        "answer": "message",
        "ms": 0,
        "n": 0,
        "at": 0,
    }
    said = json.dumps(items(page))
    assert application.token not in said
    assert all(interaction.token not in said for interaction in house.setup.server.interactions)
    assert items(other) == []
    await page.do("traffic", on=False)
    page.events.clear()
    await page.do("slash", channel_id=house.channel_id, command="hello", options={"name": "you"})
    await page.settle()
    assert items(page) == []


async def test_traffic_that_came_too_fast_is_counted_as_lost(house: House):
    page = await house.page(house.setup.mira)
    for number in range(700):
        house.setup.noor.send(house.setup.channel, f"message {number}")
    await page.do("traffic", on=True)
    await page.hear("traffic", lambda event: any("message 699" in item.get("body", "") for item in event["items"]))
    told = items(page)
    assert len(told) == 500
    assert [item["n"] for item in told] == sorted(item["n"] for item in told)


def test_bodies_are_shortened_and_secrets_hidden():
    body = {"token": "secret", "d": {"session_id": "x", "list": list(range(20)), "text": "y" * 500}}
    assert shortened(body) == {"token": "…", "d": {"session_id": "…", "list": [*range(12), "… 8 more"], "text": "y" * 200 + "…"}}
    assert shown_path("/interactions/12/abc.def/callback") == "/interactions/12/…/callback"
    assert shown_path("/webhooks/12/abc/messages/@original") == "/webhooks/12/…/messages/@original"


async def test_faults_are_switched_for_everyone(house: House):
    setup = house.setup
    page, other = await house.page(setup.mira), await house.page(setup.noor)
    answer = await page.do("fault", name="discord_429", on=True)
    assert answer["controls"]["faults"]["discord_429"] is True
    await other.hear("controls", lambda event: event["controls"]["faults"]["discord_429"])
    assert setup.server.faults.take("POST", "/channels/1/messages") is not None
    assert setup.server.faults.take("POST", "/interactions/1/x/callback") is None
    await page.do("fault", name="discord_429", on=False)
    assert setup.server.faults.take("POST", "/channels/1/messages") is None
    await page.do("fault", name="discord_5xx", on=True)
    await page.do("fault", name="discord_5xx", on=True)
    await page.do("fault", name="discord_5xx", on=False)
    assert setup.server.faults.take("GET", "/guilds/1") is None
    assert (await page.ask("fault", name="game_slow", on=True))["code"] == "unknown"
    assert (await page.ask("fault", name="anything", on=True))["code"] == "unknown"
    assert (await page.ask("bot", do="kill"))["code"] == "unknown"


@pytest.mark.usefixtures("fast_backoff")
async def test_a_dropped_connection_comes_back(house: House):
    page = await house.page(house.setup.mira)
    await page.do("traffic", on=True)
    await page.do("fault", name="drop_gateway", on=True)
    await page.hear("traffic", lambda event: any(item["name"] == "resume" for item in event["items"]))
    await house.setup.server.wait_until(lambda: house.setup.server.connected(house.setup.application))
    assert (await page.do("slash", channel_id=house.channel_id, command="hello", options={"name": "you"}))["kind"] == "message"


class Process:
    """A stand-in for the bot's process."""

    def __init__(self) -> None:
        self.running = True
        self.does: list[str] = []

    async def kill(self) -> None:
        """End."""
        self.does.append("kill")
        self.running = False

    async def stop(self) -> None:
        """End in order."""
        self.does.append("stop")
        self.running = False

    async def start(self) -> None:
        """Start, but not a third time."""
        if self.does.count("start") == 2:
            raise BotTrouble("No more.")
        self.does.append("start")
        self.running = True


async def test_the_bot_is_killed_and_started_and_the_game_server_fails(setup: Setup):
    setup.join()
    await setup.run(build())
    process, game = Process(), SandboxGeometryDash()

    async def owed() -> Json | None:
        return {"count": 3, "oldest_seconds": 1.0, "failed": 0} if process.running else None

    async with open_house(setup, bot=process, game=game, backlog=owed) as house:
        page, other = await house.page(setup.mira), await house.page(setup.noor)
        await page.hear("backlog", lambda event: event["backlog"] and event["backlog"]["count"] == 3)
        assert (await page.do("bot", do="kill"))["controls"]["bot"]["running"] is False
        await other.hear("controls", lambda event: not event["controls"]["bot"]["running"])
        await page.hear("backlog", lambda event: event["backlog"] is None and came_last(page, event))
        assert (await page.do("bot", do="start"))["controls"]["bot"]["restarts"] == 1
        await page.do("bot", do="restart")
        assert process.does == ["kill", "start", "stop", "start"]
        await page.do("bot", do="kill")
        answer = await page.ask("bot", do="start")
        assert (answer["error"], answer["code"]) == ("No more.", "bot")
        for name in ("game_slow", "game_down"):
            faults = (await page.do("fault", name=name, on=True))["controls"]["faults"]
            assert [key for key, on in faults.items() if on] == [name]
            assert game.faults.take() is not None
        await page.do("fault", name="game_down", on=False)
        assert game.faults.take() is None


def test_the_backlog_is_read_from_the_bots_figures():
    text = """# HELP greenlight_deliveries_pending Items owed to Discord.
greenlight_deliveries_pending 4.0
greenlight_deliveries_oldest_due_seconds 12.34
greenlight_deliveries_total{kind="card",outcome="delivered"} 9.0
greenlight_deliveries_total{kind="card",outcome="given_up"} 1.0
greenlight_deliveries_total{kind="notice",outcome="given_up"} 2.0
"""
    assert read_backlog(text) == {"count": 4, "oldest_seconds": 12.3, "failed": 3}
    assert read_backlog("greenlight_deliveries_pending NaN\n") is None
    assert read_backlog("") is None
