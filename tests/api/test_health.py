"""Health, readiness and figures over a real socket, without a token."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from config.version import version
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.world import World
from util.identifiers import Flag, Route
from util.texts import Text

COMMENT = "Nobody-should-read-this-in-figures"


class Watcher:
    """Asks as a monitoring program does."""

    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self.world, self._session = world, session

    async def get(self, path: str) -> tuple[int, Any]:
        assert self.world.bot is not None
        async with self._session.get(f"{self.world.bot.api.address}{path}") as response:
            return response.status, await (response.json() if "json" in response.content_type else response.text())

    async def figures(self) -> dict[tuple[str, ...], float]:
        """Return every sample by its name and the values of its labels in the labels' order."""
        status, text = await self.get("/metrics")
        assert status == 200
        found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        assert len(found) == len({(sample.name, *sorted(sample.labels.items())) for sample in found})
        return {(sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value for sample in found}


@pytest.fixture
async def watcher(empty_world: World) -> AsyncGenerator[Watcher]:
    """Give a world with one guild whose bot listens on a free port."""
    empty_world.environment = {"api_port": 0}
    await empty_world.add_guild()
    await empty_world.start()
    async with aiohttp.ClientSession() as session:
        yield Watcher(empty_world, session)


async def test_a_process_that_lives_says_so_with_its_version(watcher: Watcher) -> None:
    assert await watcher.get("/healthz") == (200, {"status": "ok", "version": version()})


async def test_a_bot_that_works_is_ready(watcher: Watcher) -> None:
    checks = dict.fromkeys(("process", "gateway", "database", "deliveries"), "ok")
    assert await watcher.get("/readyz") == (200, {"status": "ready", "checks": checks})


async def test_without_the_gateway_it_is_not_ready_and_lives_on(watcher: Watcher) -> None:
    faults = watcher.world.discord.faults
    faults.gateway_down = True
    faults.drop_gateway()
    async with asyncio.timeout(10):
        while (found := await watcher.get("/readyz"))[0] == 200:
            await asyncio.sleep(0.01)
    status, body = found
    assert (status, body["status"]) == (503, "not ready")
    assert body["checks"]["gateway"] == "not connected: shard 0"
    assert body["checks"]["database"] == "ok"
    assert (await watcher.get("/healthz"))[0] == 200
    assert (await watcher.figures())["greenlight_gateway_connected", "0"] == 0


async def test_a_database_that_hangs_is_told_in_time_and_asked_once(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    async def for_ever(session: object) -> None:
        asked.append(1)
        await asyncio.Event().wait()

    monkeypatch.setattr("facades.operations.look_at_backlog.backlog_by_guild", for_ever)
    begun = time.monotonic()
    found = await asyncio.gather(*(watcher.get("/readyz") for _ in range(5)), watcher.get("/metrics"))
    assert time.monotonic() - begun < 2.5
    assert [status for status, _ in found] == [503] * 5 + [200]
    assert found[0][1]["checks"]["database"] == "no answer within 1.5 s"
    assert "greenlight_deliveries_pending NaN" in found[-1][1]
    assert len(asked) == 1
    looking = watcher.world.app.looking
    assert looking is not None
    looking.cancel()


async def test_a_database_that_fails_is_told_without_its_words(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(session: object) -> None:
        raise OSError("postgresql://bot:hunter2@db/x is gone")

    monkeypatch.setattr("facades.operations.look_at_backlog.backlog_by_guild", fail)
    status, body = await watcher.get("/readyz")
    assert (status, body["checks"]["database"]) == (503, "fails: OSError")
    assert (await watcher.get("/metrics"))[0] == 200


async def test_while_it_stops_it_is_not_ready(watcher: Watcher) -> None:
    watcher.world.app.stopping = True
    status, body = await watcher.get("/readyz")
    assert (status, body["checks"]["process"]) == (503, "is stopping")


async def play(world: World, monkeypatch: pytest.MonkeyPatch) -> Message:
    """Let people do a bit of everything, also what fails; return the reviewers' card."""
    guild = world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    await mira.slash(guild.home, "queue info")
    steps.assert_told(await mira.slash(guild.home, "queue close"), Text.ERROR_FORBIDDEN)
    await steps.fill(mira, await steps.ask(guild, mira, catalogue.UNRATED_EASY), comment=COMMENT)
    await world.settled()
    [card] = guild.messages(Route.PENDING_REQUEST)
    await steps.opine(rhea, card)
    await mira.forge_component(card, "evil:1234567:word")

    async def fail(*args: object, **options: object) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(sys.modules["cogs.requests.queue"], "describe_queue", fail)
    await mira.slash(guild.home, "queue info")
    await world.settled()
    return card


async def test_what_was_done_is_counted_by_name_and_outcome(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    world = watcher.world
    await play(world, monkeypatch)
    world.discord.faults.rate_limit("^/channels/", times=1)
    async with world.app.transaction(world.guild.id) as tx:
        tx.owe_cards(1)
    await world.settled()
    await watcher.get("/nowhere")
    figures = await watcher.figures()
    total = "greenlight_interactions_total"
    assert figures[total, "command", "queue info", "ok"] == 1
    assert figures[total, "command", "queue info", "error"] == 1
    assert figures[total, "command", "queue close", "user_error"] == 1
    assert figures[total, "form", "request", "ok"] == 1
    assert figures[total, "button", "opinion", "ok"] == 1
    assert figures[total, "button", "unknown", "user_error"] == 1
    assert figures["greenlight_interaction_duration_seconds_count", "command", "queue info"] == 2
    assert figures["greenlight_errors_total", "interaction"] == 1
    assert figures["greenlight_deliveries_total", "request_cards", "delivered"] >= 1
    assert figures["greenlight_game_server_calls_total", "ok"] == 1
    assert figures["greenlight_game_server_breaker_state", "closed"] == 1
    assert figures["greenlight_discord_responses_total", "2xx"] > 1
    assert figures["greenlight_guild_settings_cache_requests_total", "hit"] > 1
    assert figures["greenlight_guild_settings_cache_size",] >= 1
    assert figures["greenlight_http_requests_total", "GET", "unknown", "404"] == 1
    assert figures["greenlight_gateway_connected", "0"] == 1
    assert figures["greenlight_guilds",] == 1
    assert figures["greenlight_deliveries_pending",] == 0
    assert figures["greenlight_jobs_total", "remove_old_failures", "done"] == 1
    assert figures["greenlight_event_loop_lag_seconds_count",] >= 1
    assert figures["process_start_time_seconds",] > 0


async def test_rate_limits_are_counted_by_what_discord_says_they_are_of(watcher: Watcher) -> None:
    world = watcher.world
    world.discord.faults.rate_limit("^/channels/", times=2)
    world.discord.faults.rate_limit("^/channels/", times=1, everywhere=True)
    async with world.app.transaction(world.guild.id) as tx:
        for stream in "abc":
            tx.owe_message(stream, Route.REVIEW_TEXT, "hello")
    await world.settled()
    figures = await watcher.figures()
    assert figures["greenlight_discord_responses_total", "429"] == 3
    assert figures["greenlight_discord_rate_limits_total", "user"] == 2
    assert figures["greenlight_discord_rate_limits_total", "global"] == 1


async def test_figures_hold_no_ids_and_nothing_that_somebody_wrote(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    world = watcher.world
    card = await play(world, monkeypatch)
    await watcher.get(f"/request/{COMMENT}?key={COMMENT}")
    _, text = await watcher.get("/metrics")
    for word in (COMMENT, "evil", "1234567", str(world.guild.id), str(card.id), "Mira", world.guild.sandbox.guild.name):
        assert word not in text


async def test_names_follow_the_conventions(watcher: Watcher) -> None:
    _, text = await watcher.get("/metrics")
    ours = [family for family in text_string_to_metric_families(text) if family.name.startswith("greenlight_")]
    assert len(ours) > 20
    for family in ours:
        assert family.documentation.endswith("."), family.name
        if family.type == "counter":
            assert all(sample.name.endswith("_total") for sample in family.samples)
        if family.type == "histogram" or "duration" in family.name or "latency" in family.name:
            assert family.name.endswith("_seconds")
