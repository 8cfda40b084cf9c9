"""A part of the bot that fails ends the process, so that it is started anew, and does not leave it half alive."""

import asyncio

import pytest

from tests.e2e.world import World


class Broken(BaseException):
    """Something that no part of the bot can go on after."""


async def test_a_worker_that_fails_ends_the_bot(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(self: object) -> None:
        raise Broken

    monkeypatch.setattr("facades.delivery.worker.DeliveryWorker.run", fail)
    await empty_world.start()
    bot = empty_world.bot
    assert bot is not None
    async with asyncio.timeout(10):
        while not bot.is_closed():
            await asyncio.sleep(0.01)
    assert isinstance(bot.failure, Broken)
