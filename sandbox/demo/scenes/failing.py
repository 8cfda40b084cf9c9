"""What happens when the bot is killed in the middle of something, and when the game server hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from sandbox.demo import words
from sandbox.demo.cast import BORIS, MO, RHEA, THEO
from sandbox.demo.player import Player
from sandbox.demo.scenes.filling import LEVELS
from sandbox.demo.screen import Style
from sandbox.demo.stage import Stage, StepFailed
from sandbox.discord import Message
from sandbox.geometry_dash import catalogue

LEVEL = LEVELS[0]
REVIEW = "Simple, clean and fun from start to finish. The ending could use one more idea, otherwise ready for a rating."
PATIENCE = 20.0


async def be_killed(stage: Stage) -> None:
    """Kill the bot twice in the middle of its work and find nothing lost and nothing doubled."""
    rhea, mo = Player(stage, RHEA), Player(stage, MO)
    author = next(user for user in stage.playground.guild.members() if user.name == "Fan 1")
    async with stage.step(f"Rhea reviews {LEVEL.name}; the bot is killed when Discord has the review but not yet told so"):
        card = await stage.message(words.PENDING, LEVEL.name)
        opened = await rhea.press(card, words.APPROVE_REVIEW)
        await _killed_while(stage, words.REVIEWS, "after", rhea.submit_blindly(opened, {words.REVIEW: REVIEW}))
        deciding = await stage.message(words.RESOLUTIONS, LEVEL.name, "✅ 1 · ❌ 0", f"(→ #{words.REVIEWS})", timeout=PATIENCE)
        stage.show_news()
        stage.expect_only(words.REVIEWS, 1, REVIEW)
        stage.expect_only(words.RESOLUTIONS, 1, LEVEL.name)
        _expect_told(stage, author.pings, 1)
    async with stage.step(f"Mo decides on {LEVEL.name}; the bot is killed before the card has moved to the archive"):
        opened = await mo.press(deciding, words.STAR_RATE)
        await _killed_while(stage, words.ARCHIVE, "before", mo.submit_blindly(opened, {}))
        await stage.message(words.ARCHIVE, LEVEL.name, timeout=PATIENCE)
        await stage.message(words.APPROVED, LEVEL.name, author.name, timeout=PATIENCE)
        await stage.until(lambda: card.deleted, "the reviewers' card is taken away", lambda: stage.lines(card))
        stage.show_news()
        stage.expect_only(words.ARCHIVE, 1, LEVEL.name)
        stage.expect_only(words.APPROVED, 1, LEVEL.name)
        stage.expect_only(words.RESOLUTIONS, 1, LEVEL.name)
        _expect_told(stage, author.pings, 2)
        answer = await mo.press(deciding, words.REJECT)
        stage.expect_private(mo.user, answer, "You have resolved this request already")


async def _killed_while(stage: Stage, channel: str, phase: str, act: Awaitable[None]) -> None:
    """Kill the bot before or after Discord takes its next post to a channel, while somebody acts; start it again."""
    playground = stage.playground
    path = f"/channels/{stage.channel(channel).id}/messages"
    reached = asyncio.Event()

    async def strike(_index: int, now: str, method: str, at: str, _body: object) -> None:
        if now == phase and method == "POST" and at == path and not reached.is_set():
            reached.set()
            await playground.bot.kill()

    playground.discord.on_request(strike)
    await act
    try:
        await asyncio.wait_for(reached.wait(), PATIENCE)
    except TimeoutError:
        raise StepFailed(f"the bot posts in #{channel}", stage.in_channel(channel)) from None
    await playground.kill_bot()
    stage.screen.line(f"    {stage.screen.paint('⚡ the bot is killed (SIGKILL) and started again', Style.MAGENTA)}")
    await playground.start_bot()


def _expect_told(stage: Stage, pings: list[Message], count: int) -> None:
    stage.expect(
        len(pings) == count,
        f"the author was pinged {'once' if count == 1 else 'twice'}, not more often",
        [line for message in pings for line in stage.lines(message)],
    )


async def wait_for_the_game(stage: Stage) -> None:
    """Let the game server hang: who needs it is asked for patience, nobody else notices."""
    theo, boris = Player(stage, THEO), Player(stage, BORIS)
    game, level = stage.playground.game, catalogue.UNRATED_PLATFORMER
    async with stage.step("The game server hangs while Theo requests a level; Борис is answered at once all the same"):
        game.faults.hang()
        asked, slowest = len(game.calls), stage.slowest
        requesting = asyncio.create_task(theo.slash(words.GENERAL, "request create", level_id=level.id))
        try:
            await asyncio.wait_for(game.wait_for_calls(asked + 1), PATIENCE)
            answer = await boris.slash(words.GENERAL, "queue info")
            quick = f"Борис has his answer after {answer.ack_seconds or 0:.2f} s, and Theo still waits for the game server"
            stage.expect(not requesting.done(), quick, ["Theo got his answer first"])
            shown = stage.expect_private(theo.user, await requesting, "The Geometry Dash server is taking its time")
        finally:
            game.faults.release()
            requesting.cancel()
        # The bot's patience with the game server says nothing about how fast it is.
        stage.slowest = slowest
    async with stage.step("The game server answers; Theo goes on where he was"):
        opened = await theo.press(shown, words.CONTINUE)
        named = opened.modal is not None and level.name in opened.modal.title
        stage.expect(named, f"the form for {level.name} opens", stage.seen(opened))
