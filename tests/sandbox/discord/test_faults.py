"""Failures on purpose: what goes wrong, what was done all the same, and what the hooks see."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from .conftest import Bot, Setup
from .test_messages import text_channel

MESSAGES = r"^/channels/\d+/messages$"


async def test_a_429_is_waited_out(setup: Setup, no_sleep: list[float]) -> None:
    channel = await text_channel(setup)
    setup.server.faults.rate_limit(MESSAGES, method="POST", times=2, retry_after=1.5)
    await channel.send("through")
    assert no_sleep == [1.5, 1.5]
    assert [item.content for item in setup.mira.visible(setup.channel)] == ["through"]
    assert [item.status for item in setup.server.requests if item.method == "POST"] == [429, 429, 200]


async def test_a_global_429_and_a_5xx_are_retried_and_leave_one_message(setup: Setup, no_sleep: list[float]) -> None:
    channel = await text_channel(setup)
    setup.server.faults.rate_limit(everywhere=True, retry_after=0.2)
    setup.server.faults.fail(MESSAGES, status=502, times=2)
    await channel.send("through")
    assert len(setup.mira.visible(setup.channel)) == 1
    assert no_sleep[0] == 0.2


async def test_a_5xx_that_stays_is_told(setup: Setup, no_sleep: list[float]) -> None:
    channel = await text_channel(setup)
    setup.server.faults.fail(MESSAGES, status=503, times=99)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("never")
    setup.server.faults.clear()
    await channel.send("now")


async def test_a_lost_reply_leaves_the_message_there(setup: Setup, no_sleep: list[float]) -> None:
    channel = await text_channel(setup)
    setup.server.faults.lose_reply(MESSAGES, method="POST")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("once")
    assert [item.content for item in setup.mira.visible(setup.channel)] == ["once"]
    setup.server.faults.lose_reply(MESSAGES, method="POST", bad_gateway=True)
    await channel.send("twice", nonce="n")
    assert [item.content for item in setup.mira.visible(setup.channel)] == ["once", "twice"]


async def test_a_dropped_connection_does_nothing(setup: Setup) -> None:
    channel = await text_channel(setup)
    setup.server.faults.drop(MESSAGES, method="POST")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("never")
    assert setup.mira.visible(setup.channel) == []


async def test_hooks_stand_before_and_after_the_effect(setup: Setup) -> None:
    channel = await text_channel(setup)
    seen: list[tuple[str, int]] = []

    async def hook(index: int, phase: str, method: str, path: str, body: Any) -> None:
        if method == "POST" and path.endswith("/messages"):
            assert body["content"] == "x"
            assert setup.server.requests[index].path == path
            seen.append((phase, len(setup.mira.visible(setup.channel))))

    setup.server.on_request(hook)
    await channel.send("x")
    assert seen == [("before", 0), ("after", 1)]


async def test_the_servers_own_rate_limit_holds(setup: Setup, no_sleep: list[float]) -> None:
    channel = await text_channel(setup)
    setup.server.timing.rate_limit = 2
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {setup.application.token}"}) as session:
        address = f"{setup.server.api_url}/channels/{channel.id}"
        answers = [await session.get(address) for _ in range(3)]
        assert [item.status for item in answers] == [200, 200, 429]
        assert answers[1].headers["X-RateLimit-Remaining"] == "0"
        assert (await answers[2].json())["retry_after"] > 0
        setup.server.advance(1.1)
        assert (await session.get(address)).status == 200


async def test_several_servers_run_side_by_side(setup: Setup) -> None:
    other = type(setup.server)()
    await other.start()
    try:
        assert other.base_url != setup.server.base_url
        async with aiohttp.ClientSession(headers={"Authorization": f"Bot {setup.application.token}"}) as session:
            assert (await session.get(f"{other.api_url}/users/@me")).status == 401
            assert (await session.get(f"{setup.server.api_url}/users/@me")).status == 200
            assert (await session.get(f"{setup.server.api_url}/nowhere")).status == 404
    finally:
        await other.stop()


async def test_an_unreachable_gateway_is_tried_again(setup: Setup, fast_backoff: None) -> None:
    setup.join()
    bot = await setup.run(Bot())
    setup.server.faults.gateway_down = True
    setup.server.faults.drop_gateway()
    session = setup.application.sessions[0]
    await setup.server.wait_until(lambda: not session.alive)
    setup.server.faults.gateway_down = False
    await setup.server.wait_until(lambda: session.alive)
    assert bot.count("ready") == 1


@pytest.mark.parametrize("after_effect", [False, True])
async def test_silence_lasts_until_it_is_taken_back(setup: Setup, after_effect: bool) -> None:
    channel = await text_channel(setup)
    fault = setup.server.faults.silence(MESSAGES, method="POST", after_effect=after_effect)
    sending = asyncio.create_task(channel.send("heard?"))
    await setup.server.wait_until(lambda: fault.hits)
    if after_effect:
        await setup.mira.wait_for(setup.channel)
    assert not sending.done()
    setup.server.faults.disarm(fault)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await sending
    assert len(setup.mira.visible(setup.channel)) == int(after_effect)
    assert setup.server.faults.hits == 1


async def test_only_so_many_requests_are_remembered(setup: Setup) -> None:
    channel = await text_channel(setup)
    setup.server.keep_requests(3)
    for number in range(20):
        await channel.send(str(number))
    kept = setup.server.requests
    assert 3 <= len(kept) <= 6
    assert [item.body["content"] for item in kept] == [str(number) for number in range(20 - len(kept), 20)]
    assert [item.index for item in kept] == list(range(kept[0].index, kept[0].index + len(kept)))
