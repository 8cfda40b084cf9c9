"""The bot's process: its end is noticed at once, its output kept, its environment its own."""

import asyncio
import time

import pytest

from sandbox.demo.process import BotEnded, BotProcess
from tests.sandbox.demo.conftest import script


async def said(bot: BotProcess, lines: int) -> None:
    """Wait until the process has written so many lines."""
    async with asyncio.timeout(10):
        while len(bot.output()) < lines:
            await asyncio.sleep(0.005)


async def test_an_end_is_noticed_at_once_and_told_with_the_output():
    bot = script("print('No module named discord'); raise SystemExit(3)")
    await bot.start()
    began = time.monotonic()
    with pytest.raises(BotEnded) as ended:
        await bot.watch(asyncio.sleep(30))
    assert time.monotonic() - began < 10
    assert ended.value.code == 3
    assert ended.value.output == ["No module named discord"]


async def test_what_comes_while_the_bot_lives_is_returned():
    bot = script("import time; time.sleep(60)")
    await bot.start()
    assert await bot.watch(asyncio.sleep(0, "done")) == "done"
    await bot.kill()
    assert not bot.running


async def test_an_error_while_waiting_is_passed_on():
    bot = script("import time; time.sleep(60)")
    await bot.start()
    with pytest.raises(TimeoutError):
        await bot.watch(asyncio.wait_for(asyncio.Event().wait(), 0.01))
    await bot.kill()


async def test_stopping_lets_the_bot_finish():
    code = "import signal, time\ndef end(*_): print('finished'); raise SystemExit\n"
    code += "signal.signal(signal.SIGTERM, end); print('started'); time.sleep(60)"
    bot = script(code)
    await bot.start()
    await said(bot, 1)
    await bot.stop()
    assert bot.output() == ["started", "finished"]


async def test_the_users_environment_does_not_get_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("API_TOKEN", "of the user")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    bot = script(
        "import os; print(os.environ.get('API_TOKEN'), os.environ.get('PYTHONPATH'), os.environ['LOG_LEVEL'])", LOG_LEVEL="x"
    )
    await bot.start()
    with pytest.raises(BotEnded) as ended:
        await bot.watch(asyncio.Event().wait())
    assert ended.value.output == ["None None x"]


async def test_it_can_be_started_again_after_it_was_killed():
    bot = script("import time; print('here'); time.sleep(60)")
    for run in (1, 2):
        await bot.start()
        await said(bot, run)
        await bot.kill()
    assert bot.output() == ["here", "here"]
