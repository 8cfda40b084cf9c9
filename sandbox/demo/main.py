"""`python main.py demo`: the tour, or a guild to look at that stays up until it is interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Generator, Iterable
from pathlib import Path

from .browser import PortTaken, open_page, until_interrupted
from .keep import CannotKeep
from .playground import Playground, open_playground
from .process import BotEnded
from .screen import Screen, Style, terminal
from .stage import StepFailed
from .states import play_states, resume
from .tour import play_tour

_LOG_LINES = 25


async def run_demo(*, tour: bool, empty: bool, port: int | None = None, data: Path | None = None) -> int:
    """Play the tour, or keep a guild up until SIGINT or SIGTERM; return the exit code.

    `port` is the page's; None takes the usual one, or any when that is taken. `data` is a folder that keeps the guild.
    """
    screen = terminal()
    try:
        with _interruption() as interrupted:
            async with open_playground(data) as playground:
                work = _tour(playground, screen) if tour else _demo(playground, screen, interrupted, port, empty=empty)
                code = await _unless_interrupted(work, interrupted)
    except CannotKeep as error:
        screen.line(f"✗ {error}")
        return 1
    if code is not None:
        return code
    screen.line()
    screen.line("Everything is stopped and removed." if data is None else f"Everything is stopped; the server is kept in {data}.")
    return 130 if tour else 0


@contextlib.contextmanager
def _interruption() -> Generator[asyncio.Event]:
    """Give an event that a signal sets, so that everything can be ended in order."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    taken: list[signal.Signals] = []
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Windows has no handlers of this kind; there Ctrl+C cancels the whole run, which tidies up as well.
        with contextlib.suppress(NotImplementedError, ValueError):
            if number is not None:
                loop.add_signal_handler(number, interrupted.set)
                taken.append(number)
    try:
        yield interrupted
    finally:
        for number in taken:
            loop.remove_signal_handler(number)


async def _unless_interrupted(work: Awaitable[int | None], interrupted: asyncio.Event) -> int | None:
    """Return what the work returns, or None when a signal came first; then the work is ended."""
    working = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(interrupted.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if interrupted.is_set():
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError, BotEnded, StepFailed):
            await working
        return None
    return working.result()


async def _tour(playground: Playground, screen: Screen) -> int:
    return await play_and_tell(play_tour(playground, screen), playground, screen)


async def _demo(
    playground: Playground, screen: Screen, interrupted: asyncio.Event, port: int | None, *, empty: bool
) -> int | None:
    play = resume(playground, screen) if playground.kept else play_states(playground, screen, empty=empty)
    code = await play_and_tell(play, playground, screen)
    if code:
        return code
    if playground.keeper is not None:
        playground.keeper.begin()
    try:
        async with open_page(playground, port) as (page, bot):
            screen.line()
            screen.line(f"Open {screen.paint(page.address, Style.BOLD)} in a browser and be anyone.")
            screen.line("Ctrl-C ends everything.")
            async for ended in until_interrupted(playground, bot, interrupted):
                _explain_end(screen, ended)
                screen.line("    The page can start it again.")
    except PortTaken as taken:
        screen.line(f"✗ {taken}")
        return 1
    return None


async def play_and_tell(play: Awaitable[None], playground: Playground, screen: Screen) -> int:
    """Play something; tell what went wrong and return the exit code."""
    try:
        await play
    except StepFailed as failed:
        screen.line()
        _tell(screen, f"✗ expected: {failed.expected}", "seen instead:", failed.seen)
        _tell(screen, "", "the bot's log:", playground.bot.output(_LOG_LINES))
        return 1
    except BotEnded as ended:
        return _explain_end(screen, ended)
    except TimeoutError:
        _tell(screen, "✗ the bot did not get ready in time", "the bot's log:", playground.bot.output(_LOG_LINES))
        return 1
    return 0


def _explain_end(screen: Screen, ended: BotEnded) -> int:
    _tell(screen, f"✗ {ended}", "its last words:", ended.output[-_LOG_LINES:])
    return 1


def _tell(screen: Screen, headline: str, introduction: str, lines: Iterable[str]) -> None:
    screen.lines([headline] if headline else [], Style.RED, Style.BOLD, indent="  ")
    screen.line(f"    {introduction}")
    screen.lines(list(lines) or ["(nothing)"], Style.DIM, indent="      ")
