"""The bot's process as a test holds it: forked ready-made, watched, killed, started again."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import Awaitable
from multiprocessing.connection import Connection as Gate
from multiprocessing.process import BaseProcess
from typing import TypeVar

from tests.e2e.crash.child import run_bot
from tests.e2e.crash.points import Watch
from tests.e2e.world import TOKEN, World

T = TypeVar("T")
# Importing everything takes longer than a whole flow; a process forked from one that has done it is as real as any.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.e2e.crash.preload"])
PATIENCE = 30.0
"""Seconds."""


class BotProcess:
    """The real bot on the world's database. `deaths` counts how often it was killed.

    `stays_down`: how many seconds pass, for the bot and for Discord, until it is started again. `body`: what the process runs.
    """

    body = staticmethod(run_bot)

    def __init__(self, world: World) -> None:
        self.world = world
        self.stays_down = 0.0
        # How soon it answers is not the question here, and several processes share the machine.
        world.discord.timing.acknowledge = PATIENCE
        self.watch = Watch(world.discord, self.kill)
        self.deaths = 0
        self._output = world.folder / "output.txt"
        self._process: BaseProcess | None = None
        self._gate: Gate | None = None
        self._gone = asyncio.Event()
        self._killed = False
        self._commits = 0
        self._ahead = 0.0

    async def up(self) -> None:
        """See that the bot is running and connected: as a service manager would, start it again when it is not."""
        while self._process is None or self._killed:
            if self._process is not None:
                await self._gone.wait()
                self._ahead += self.stays_down
                self.world.discord.advance(self.stays_down)
            self._start()
            await self.while_alive(self.world.discord.wait_until(self._is_connected, PATIENCE))

    def _is_connected(self) -> bool:
        return self.world.discord.connected(self.world.application)

    def _start(self) -> None:
        environment = {
            "BOT_TOKEN": TOKEN,
            "DATABASE_URL": self.world.database_url,
            "GD_API_URL": self.world.game.base_url,
            "DISCORD_API_URL": self.world.discord.api_url,
            "LOG_FORMAT": "text",
            **{name.upper(): str(value) for name, value in self.world.environment.items()},
        }
        self._gate, theirs = FORKED.Pipe()
        self._process = FORKED.Process(target=self.body, args=(environment, str(self._output), theirs, self._ahead), daemon=True)
        self._process.start()
        theirs.close()
        self._gone, self._killed = asyncio.Event(), False
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, self._has_ended, self._process, self._gate)
        loop.add_reader(self._gate.fileno(), self._is_asked, self._gate)

    def _has_ended(self, process: BaseProcess, gate: Gate) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(process.sentinel)
        loop.remove_reader(gate.fileno())
        gate.close()
        process.join()
        process.close()
        self._gone.set()

    def _is_asked(self, gate: Gate) -> None:
        try:
            tables, after = gate.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(gate.fileno())
            return
        self._commits += not after
        if not self.watch.commits(tables, self._commits, after=after):
            with contextlib.suppress(OSError):
                gate.send(None)

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self._process is not None and not self._killed and not self._gone.is_set():
            assert self._process.pid is not None
            os.kill(self._process.pid, signal.SIGKILL)
            self._killed = True
            self.deaths += 1

    async def while_alive(self, wanted: Awaitable[T]) -> T | None:
        """Wait for something, but not longer than the bot lives; return None when it was killed first.

        Raises `AssertionError` with what the bot wrote when it ended by itself.
        """
        waiting, gone = asyncio.ensure_future(wanted), asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                # What the bot did last may be on its way to whoever waits.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            if waiting.done():
                return waiting.result()
            assert self._killed, f"the bot ended by itself:\n{self.output()}"
            return None
        finally:
            for task in (waiting, gone):
                task.cancel()

    def output(self, characters: int = 3000) -> str:
        """Return the end of what the bot wrote."""
        return self._output.read_text()[-characters:] if self._output.exists() else ""

    async def close(self) -> None:
        """Leave no process behind."""
        if self._process is not None:
            self.kill()
            await self._gone.wait()
            self._process = None
