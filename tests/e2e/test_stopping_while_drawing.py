"""SIGTERM while a browser that hangs is to draw a chart: the report is answered without it, and the process ends in time."""

import asyncio
from pathlib import Path

from sandbox.geometry_dash import catalogue
from tests.e2e import steps
from tests.e2e.real_process import RealBot
from tests.e2e.world import World
from util.identifiers import Flag


async def test_a_report_that_waits_for_its_picture_is_answered_without_it(empty_world: World, tmp_path: Path) -> None:
    guild = await empty_world.add_guild()
    browser, started = tmp_path / "browser", tmp_path / "started"
    browser.write_text(f"#!/bin/sh\ntouch {started}\nexec sleep 60\n")
    browser.chmod(0o700)
    bot = RealBot(empty_world, BROWSER_PATH=str(browser))
    try:
        await bot.start()
        mira = guild.join("Mira")
        await steps.fill(mira, await steps.ask(guild, mira, catalogue.UNRATED_EASY))
        ada = guild.join("Ada", Flag.REPORT_VIEWER)
        answer = await ada.slash(guild.home, "report new_requests")
        async with asyncio.timeout(30):
            while not started.exists():
                await asyncio.sleep(0.02)
        bot.signal()
        code, seconds = await bot.ended()
        assert code == 0, bot.output
        assert seconds < 10
        shown = answer.message
        assert shown is not None
        assert shown.embeds or shown.content, bot.output
        assert not [line for line in bot.log if line["event"] == "interactions_cut_short"], bot.output
    finally:
        await bot.close()
