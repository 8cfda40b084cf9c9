"""Fixtures of the tests of the demo's machinery: servers and a guild, with a stand-in for the bot."""

import io
import sys
from collections.abc import AsyncGenerator

import pytest

from sandbox.demo.playground import Playground, open_playground
from sandbox.demo.process import BotProcess
from sandbox.demo.screen import Screen
from sandbox.demo.stage import Stage


def script(code: str, **environment: str) -> BotProcess:
    """Return a process that runs a piece of Python instead of the bot."""
    return BotProcess(environment, [sys.executable, "-c", code])


@pytest.fixture
async def playground() -> AsyncGenerator[Playground]:
    """Give the servers and the guild; the bot is a process that waits."""
    async with open_playground() as made:
        made.bot = script("import time; time.sleep(60)")
        await made.bot.start()
        yield made
        await made.bot.kill()


@pytest.fixture
def page() -> io.StringIO:
    """Give what the transcript is written to."""
    return io.StringIO()


@pytest.fixture
def stage(playground: Playground, page: io.StringIO) -> Stage:
    """Give a stage on the playground, without colour."""
    return Stage(playground, Screen(page))
