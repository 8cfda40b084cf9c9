"""Killing a bot's process at an exact request."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from .conftest import Setup

BOT = Path(__file__).with_name("crashing_bot.py")


async def _start(setup: Setup) -> asyncio.subprocess.Process:
    server = setup.server
    environment = {
        **os.environ,
        "SANDBOX_API": server.api_url,
        "SANDBOX_GATEWAY": server.gateway_url,
        "SANDBOX_TOKEN": setup.application.token,
    }
    process = await asyncio.create_subprocess_exec(sys.executable, str(BOT), env=environment)
    await server.wait_until(lambda: server.connected(setup.application), timeout=30)
    return process


@pytest.mark.crash
async def test_a_bot_killed_after_an_effect_leaves_it_and_a_new_one_goes_on(setup: Setup) -> None:
    setup.join()
    process = await _start(setup)

    async def kill(_: int, phase: str, method: str, path: str, body: object) -> None:
        if phase == "after" and isinstance(body, dict) and body.get("content") == "one" and process.returncode is None:
            process.kill()
            await process.wait()

    setup.server.on_request(kill)
    await setup.mira.slash(setup.channel, "post")
    await process.wait()
    await setup.server.wait_until(lambda: not setup.server.connected(setup.application))
    assert [item.content for item in setup.mira.visible(setup.channel)] == ["posting", "one"]
    second = await _start(setup)
    try:
        await setup.mira.slash(setup.channel, "post")
        await setup.mira.wait_for(setup.channel, lambda message: message.content == "two")
    finally:
        second.kill()
        await second.wait()
