"""The queue fills up and closes by itself; staff open and close it by hand."""

from __future__ import annotations

import asyncio

from sandbox.demo import words
from sandbox.demo.cast import ADA, BORIS, MIRA, MO, THEO
from sandbox.demo.player import Player
from sandbox.demo.scenes.requesting import request_quietly
from sandbox.demo.screen import silence
from sandbox.demo.stage import Stage, StepFailed, standing
from sandbox.discord import Message, SandboxUser
from sandbox.geometry_dash import Level, catalogue

LIMIT = 50
AT_ONCE = 25
LEVELS = catalogue.ordinary(LIMIT + 1)
LAST, ONE_MORE = LEVELS[LIMIT - 1], LEVELS[LIMIT]


async def fill(stage: Stage) -> None:
    """Let fifty members request levels: the fiftieth pending request closes the queue."""
    guild = stage.playground.guild
    async with stage.step(f"{LIMIT - 1} more members request a level each, {AT_ONCE} at a time"):
        crowd = [guild.add_member(f"Fan {number}") for number in range(1, LIMIT)]
        await _request_all(stage, list(zip(crowd, LEVELS, strict=False)))
        await _cards(stage, LIMIT - 1)
        left = stage.skip_news(words.PENDING, shown=1)
        stage.screen.line(f"    …and {left} more cards in #{words.PENDING}")
        twice = [level.name for level in LEVELS[: LIMIT - 1] if _count(stage, level.name) != 1]
        stage.expect(not twice, f"each of the {LIMIT - 1} requests has exactly one card", twice)
    async with stage.step(f"Zoe's is number {LIMIT}: the queue closes by itself"):
        zoe = Player(stage, guild.add_member("Zoe"))
        await request_quietly(stage, zoe, LAST)
        notice = await stage.message(words.QUEUE, "The request queue is full and closed automatically", f"{LIMIT} requests")
        await _cards(stage, LIMIT)
        stage.skip_news(words.PENDING)
        stage.show_news()
        stage.expect_pings(notice, MIRA, BORIS)


async def use_closed_queue(stage: Stage) -> None:
    """Show a closed queue to members and staff, and open it again."""
    ada, theo, mo, boris = (Player(stage, part) for part in (ADA, THEO, MO, BORIS))
    async with stage.step("While it is closed, only who has the permission gets the form"):
        answer = await theo.slash(words.GENERAL, "request create", level_id=ONE_MORE.id)
        stage.expect_private(theo.user, answer, "The request queue has been closed since", "too many requests are waiting")
        opened = await mo.slash(words.GENERAL, "request create", level_id=ONE_MORE.id)
        stage.expect(
            opened.modal is not None, "Mo gets the form: @Veterans may request while the queue is closed", stage.seen(opened)
        )
        answer = await boris.slash(words.GENERAL, "queue info")
        stage.expect_private(boris.user, answer, "Очередь закрыта", "автоматически", f"Заявок на рассмотрении: **{LIMIT}**")
    async with stage.step("Ada opens the queue, closes it by hand and opens it again; everyone concerned is told each time"):
        for command, said in (("open", "is open again"), ("close", "is closed"), ("open", "is open again")):
            before = len(standing(stage.channel(words.QUEUE)))
            answer = await ada.slash(words.GENERAL, f"queue {command}")
            state = "open" if command == "open" else "closed"
            stage.expect_private(ada.user, answer, f"The queue is {state} now", str(LIMIT))
            notice = await _next_notice(stage, before)
            stage.show_news()
            stage.expect_message(notice, f"the notice says that the queue {said} and who did it", said, "@Ada")
            stage.expect_pings(notice, MIRA, BORIS)


async def _next_notice(stage: Stage, before: int) -> Message:
    channel = stage.channel(words.QUEUE)
    expected = f"another notice in #{words.QUEUE}"
    await stage.until(lambda: len(standing(channel)) > before, expected, lambda: stage.in_channel(words.QUEUE))
    return standing(channel)[before]


async def _request_all(stage: Stage, pairs: list[tuple[SandboxUser, Level]]) -> None:
    """Let many people request at once; nothing of it is shown but what goes wrong. Raises `StepFailed`."""
    quiet = Stage(stage.playground, silence())
    places = asyncio.Semaphore(AT_ONCE)

    async def request(user: SandboxUser, level: Level) -> None:
        async with places:
            await request_quietly(quiet, Player(quiet, user), level)

    try:
        async with asyncio.TaskGroup() as group:
            for user, level in pairs:
                group.create_task(request(user, level))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    stage.slowest = max(stage.slowest, quiet.slowest)


async def _cards(stage: Stage, count: int) -> None:
    channel = stage.channel(words.PENDING)

    def enough() -> bool:
        return len(standing(channel)) >= count

    await stage.until(enough, f"{count} cards in #{words.PENDING}", lambda: [f"{len(standing(channel))} of them"], timeout=30)
    if len(standing(channel)) != count:
        raise StepFailed(f"{count} cards in #{words.PENDING}", [f"{len(standing(channel))} of them"])


def _count(stage: Stage, name: str) -> int:
    titles = [message.embeds[0].get("title") for message in stage.channel(words.PENDING).messages.values() if message.embeds]
    return titles.count(name)
