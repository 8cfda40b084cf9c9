"""Steps and expectations: what is shown, and what a failed one tells."""

import io
import time

import pytest

from sandbox.demo.cast import ADA, BORIS, MIRA, RHEA
from sandbox.demo.main import play_and_tell
from sandbox.demo.playground import Playground
from sandbox.demo.process import BotEnded
from sandbox.demo.screen import Screen
from sandbox.demo.stage import Stage, StepFailed
from sandbox.discord import Permission
from tests.sandbox.demo.conftest import script


async def test_a_step_shows_what_changed_and_who_sees_it(stage: Stage, page: io.StringIO):
    guild = stage.playground.guild
    hidden = guild.add_channel("staff")
    guild.set_overwrite(hidden, guild.everyone, deny=Permission.VIEW_CHANNEL)
    async with stage.step("Ada writes"):
        guild.owner.send(hidden, "For the staff")
        message = guild.owner.send(guild.general, f"Hello {stage.actor(MIRA).mention}")
    shown = page.getvalue()
    assert " 1. Ada writes" in shown
    assert "#staff: Ada  (seen by Ada)" in shown
    assert "#general: Ada  (everyone sees it; pings Mira)" in shown
    assert "Hello @Mira" in shown
    stage.expect_pings(message, MIRA)
    stage.expect_sight(message, [BORIS, MIRA])


async def test_an_edit_shows_what_it_changed_and_a_deletion_names_the_message(stage: Stage, page: io.StringIO):
    guild = stage.playground.guild
    message = guild.owner.send(guild.general, "one\ntwo")
    stage.show_news()
    guild.owner.edit(message, "one\nthree")
    stage.show_news()
    guild.owner.delete_message(message)
    stage.show_news()
    shown = [line.strip() for line in page.getvalue().splitlines()]
    assert shown[-5:] == [
        "#general: Ada changes  (everyone sees it)",
        "- two",
        "+ three",
        "#general: Ada is taken away",
        "one",
    ]


async def test_quiet_channels_are_not_shown(stage: Stage, page: io.StringIO):
    guild = stage.playground.guild
    stage.quiet.add("general")
    guild.owner.send(guild.general, "secret words")
    guild.owner.send(guild.general, "more of them")
    stage.show_news()
    assert page.getvalue() == ""


async def test_a_missing_message_is_told_with_what_stands_there(stage: Stage):
    stage.playground.guild.owner.send(stage.playground.guild.general, "something else")
    with pytest.raises(StepFailed) as failed:
        await stage.message("general", "a card", timeout=0.01)
    assert "“a card”" in failed.value.expected
    assert failed.value.seen == ["#general:", "  something else"]


async def test_a_message_is_waited_for(stage: Stage):
    guild = stage.playground.guild
    guild.owner.send(guild.general, "here it is")
    found = await stage.message("general", "here", "is", without=("gone",))
    assert found.content == "here it is"


@pytest.mark.parametrize("wrong", ["sight", "pings", "count", "channel"])
async def test_what_is_not_so_fails_the_step(stage: Stage, wrong: str):
    guild = stage.playground.guild
    message = guild.owner.send(guild.general, "Hello")
    checks = {
        "sight": lambda: stage.expect_sight(message, [ADA], [RHEA]),
        "pings": lambda: stage.expect_pings(message, MIRA),
        "count": lambda: stage.expect_only("general", 2, "Hello"),
        "channel": lambda: stage.channel("nowhere"),
    }
    with pytest.raises(StepFailed):
        checks[wrong]()


async def test_the_end_of_the_bot_ends_a_wait_at_once(stage: Stage):
    stage.playground.bot = script("print('Traceback'); raise SystemExit(1)")
    await stage.playground.bot.start()
    began = time.monotonic()
    with pytest.raises(BotEnded):
        await stage.message("general", "never", timeout=60)
    assert time.monotonic() - began < 20


async def test_a_failed_step_is_told_and_gives_exit_code_1(playground: Playground, page: io.StringIO):
    async def play() -> None:
        raise StepFailed("a card", ["nothing"])

    assert await play_and_tell(play(), playground, Screen(page)) == 1
    assert "✗ expected: a card" in page.getvalue()
    assert "nothing" in page.getvalue()
    assert "the bot's log:" in page.getvalue()


def test_colour_is_only_where_it_was_asked_for():
    plain, coloured = io.StringIO(), io.StringIO()
    for sink, colour in ((plain, False), (coloured, True)):
        screen = Screen(sink, colour=colour)
        screen.heading("Act")
        screen.title(1, "Step")
    assert "\x1b[" not in plain.getvalue()
    assert "\x1b[1m" in coloured.getvalue()
