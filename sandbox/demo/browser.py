"""The demo in a browser: the page's server with the bot's process behind it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from sandbox.page import USUAL_PORT, BotTrouble, PageServer, metrics_of

from .cast import CAST
from .keep import load_marks, save_marks
from .playground import Playground
from .process import BotEnded

_LISTENS: Final = re.compile(r"\blistening\b.*?\baddress=['\"]?(?P<address>http://[\w.:\[\]-]+)")
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_LAST_WORDS: Final = 3


class PortTaken(Exception):
    """The port that was asked for is used by something else."""


class BotOnThePage:
    """The bot's process, as the page's switches end and start it."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self.wanted = True
        self.started = asyncio.Event()

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._playground.bot.running

    async def kill(self) -> None:
        """Kill the process."""
        self._end_wanted()
        await self._playground.kill_bot()

    async def stop(self) -> None:
        """Ask the process to end and wait for it."""
        self._end_wanted()
        await self._playground.stop_bot()

    def _end_wanted(self) -> None:
        self.wanted = False
        self.started.clear()

    async def start(self) -> None:
        """Start the process and wait until it listens. Raises `BotTrouble`."""
        try:
            await self._playground.start_bot()
        except BotEnded as ended:
            raise BotTrouble(f"{ended}: {' '.join(ended.output[-_LAST_WORDS:])}") from ended
        except (TimeoutError, OSError) as error:
            raise BotTrouble("The bot did not get ready in time.") from error
        finally:
            self.wanted = True
            if self.running:
                self.started.set()


def bot_address(playground: Playground) -> str | None:
    """Return where the bot's own HTTP side listens, as its log says, or None when it does not."""
    if not playground.bot.running:
        return None
    for line in reversed(playground.bot.output(2000)):
        found = _LISTENS.search(_COLOUR.sub("", line))
        if found is not None:
            return found["address"]
    return None


@asynccontextmanager
async def open_page(playground: Playground, port: int | None) -> AsyncGenerator[tuple[PageServer, BotOnThePage]]:
    """Serve the page until left; the usual port, or any when it is taken, unless one is asked for. Raises `PortTaken`."""
    bot = BotOnThePage(playground)
    page = PageServer(
        playground.discord,
        playground.guild,
        cast={playground.actor(part).id: part.what for part in CAST},
        game=playground.game,
        bot=bot,
        backlog=metrics_of(lambda: bot_address(playground)),
        marks=load_marks(playground.folder) if playground.folder is not None and playground.kept else None,
    )
    try:
        try:
            await page.start(USUAL_PORT if port is None else port, or_another=port is None)
        except (OSError, OverflowError) as error:
            raise PortTaken(f"Port {port} cannot be used: {error.strerror if isinstance(error, OSError) else error}.") from error
        yield page, bot
    finally:
        await page.stop()
        if playground.folder is not None:
            save_marks(playground.folder, page.marks)


async def until_interrupted(playground: Playground, bot: BotOnThePage, interrupted: asyncio.Event) -> AsyncGenerator[BotEnded]:
    """Wait for an interruption; give each end of the bot that nobody asked for. It may be started again on the page."""
    while not interrupted.is_set():
        bot.started.clear()
        try:
            await playground.bot.watch(interrupted.wait())
        except BotEnded as ended:
            if bot.wanted:
                yield ended
            waiting = [asyncio.ensure_future(event.wait()) for event in (bot.started, interrupted)]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in waiting:
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task
