"""SIGTERM ends the real process within ten seconds and with 0, whatever hangs; what was accepted is answered, nothing is lost."""

import asyncio
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot import PATIENCE_AT_THE_END
from config.paths import ROOT
from sandbox.discord.answers import Answer
from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.real_process import RealBot
from tests.e2e.world import World
from util.identifiers import Flag
from util.texts import Text

LIMIT = 10.0
"""Seconds that service managers wait before they kill."""
SOON = 2.5
"""Seconds that the bot says it took when nothing hangs; Python itself may take as long again on a busy machine."""


@pytest.fixture
async def bot(empty_world: World) -> AsyncGenerator[RealBot]:
    """Give the running process on a world with one guild."""
    await empty_world.add_guild()
    made = RealBot(empty_world)
    await made.start()
    yield made
    await made.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


async def begun(answer: asyncio.Task[Answer], bot: RealBot) -> None:
    """Wait until the bot has begun with something that it cannot finish yet."""
    await until(lambda: bool(bot.world.game.calls))
    assert not answer.done()


def owed(world: World) -> int:
    engine = create_engine(world.database_url)
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT count(*) FROM delivery")).scalar_one()
    finally:
        engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_process_that_has_nothing_to_do_ends_at_once(bot: RealBot, number: signal.Signals) -> None:
    bot.signal(number)
    code, seconds = await bot.ended()
    assert (code, bot.foreign) == (0, [])
    assert seconds < LIMIT
    assert bot.log[-1]["event"] == "stopped"
    assert bot.log[-1]["seconds"] < SOON
    assert not [line for line in bot.log if line["level"] in {"warning", "error", "critical"}], bot.output


async def test_an_accepted_command_is_answered_and_a_new_one_is_told_to_come_back(bot: RealBot) -> None:
    world, guild = bot.world, bot.world.guild
    mira, olga = guild.join("Mira"), guild.join("Olga", locale="ru")
    world.game.faults.hang()
    waiting = asyncio.create_task(steps.ask(guild, mira, catalogue.UNRATED_EASY))
    await begun(waiting, bot)
    bot.signal()
    await bot.logged("stopping")
    steps.assert_told(await olga.slash(guild.home, "queue info"), Text.STATUS_RESTARTING, "ru")
    world.game.faults.release()
    # The form, or on a busy machine the button that opens it.
    assert (await waiting).kind in {"modal", "message"}
    code, seconds = await bot.ended()
    assert code == 0
    assert seconds < LIMIT


async def test_a_game_server_that_hangs_holds_nothing_up(bot: RealBot) -> None:
    guild = bot.world.guild
    bot.world.game.faults.hang()
    waiting = asyncio.create_task(steps.ask(guild, guild.join("Mira"), catalogue.UNRATED_EASY))
    await begun(waiting, bot)
    bot.signal()
    steps.assert_told(await waiting, Text.REQUEST_WAITING)
    code, seconds = await bot.ended()
    assert code == 0
    assert seconds < LIMIT


async def test_while_discord_hangs_the_process_ends_in_time_and_what_it_owes_stays(bot: RealBot) -> None:
    world, guild = bot.world, bot.world.guild
    mira, rhea = guild.join("Mira"), guild.join("Rhea", Flag.REVIEWER)
    ask = await steps.ask(guild, mira, catalogue.UNRATED_EASY)
    world.discord.faults.delay(60, "^/channels/")
    await steps.fill(mira, ask)
    await until(lambda: owed(world) > 0)
    world.discord.faults.delay(60, "^/(interactions|webhooks)/")
    waiting = asyncio.create_task(rhea.slash(guild.home, "queue info"))
    await until(lambda: len(world.discord.interactions) == 3)
    bot.signal()
    code, seconds = await bot.ended()
    waiting.cancel()
    assert code == 0, bot.output
    assert seconds < LIMIT
    assert owed(world) > 0


async def test_a_second_signal_ends_it_sooner(bot: RealBot) -> None:
    world, guild = bot.world, bot.world.guild
    world.discord.faults.delay(60, "^/(interactions|webhooks)/")
    waiting = asyncio.create_task(guild.join("Mira").slash(guild.home, "queue info"))
    await until(lambda: bool(world.discord.interactions))
    bot.signal()
    await bot.logged("stopping")
    bot.signal()
    code, seconds = await bot.ended()
    waiting.cancel()
    assert code == 0
    assert seconds < LIMIT
    assert (await bot.logged("stopped"))["seconds"] < PATIENCE_AT_THE_END, bot.output
    assert [line["event"] for line in bot.log].count("stopping") == 2


@pytest.mark.parametrize("second", [False, True], ids=["once", "twice"])
def test_a_thread_that_hangs_does_not_keep_the_process(second: bool, tmp_path: Path) -> None:
    script = tmp_path / "hang.py"
    script.write_text(
        textwrap.dedent(f"""
        import asyncio, os, signal, sys, threading, time
        sys.path.insert(0, {str(ROOT)!r})
        import startup
        startup.LAST_MOMENT, startup.LAST_MOMENT_IN_A_HURRY = (60.0, 0.3) if {second} else (0.3, 60.0)

        async def work():
            os.kill(os.getpid(), signal.SIGTERM)
            try:
                await asyncio.Event().wait()
            finally:
                if {second}:
                    os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.to_thread(time.sleep, 60)

        startup.run_until_stopped(work(), startup.leave_in_time)
        """)
    )
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, timeout=30, check=False)
    assert done.returncode == 0
