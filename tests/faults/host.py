"""The bot under these runs: a process that is killed at points and moments and started again, as a service manager would."""

import asyncio
import re
import resource
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

from tests.e2e.crash.process import BotProcess
from tests.e2e.world import World
from tests.faults.child import HEARTBEAT, run_briskly
from tests.faults.processor import waited_for_cpu

T = TypeVar("T")
ACKNOWLEDGE = 3.0
START = 120.0
"""Seconds that a start may take on a busy machine."""


class KillSwitch:
    """Counts what passes by (requests to Discord and commits, before and after their effect) and kills when it is time."""

    def __init__(self, host: "Host") -> None:
        self._host = host
        self._left = 0
        host.world.discord.on_request(self._on_request)

    def arm(self, number: int) -> None:
        """Kill at the n-th thing from now on."""
        self._left = number

    def disarm(self) -> bool:
        """Do not kill any more; return whether that was still to come."""
        armed, self._left = self._left > 0, 0
        return armed

    def commits(self, tables: str, key: int, *, after: bool) -> bool:
        """Take note of a commit; return whether the process was killed here."""
        return self._passes()

    def _passes(self) -> bool:
        if not self._left:
            return False
        self._left -= 1
        if self._left:
            return False
        self._host.kill()
        return True

    def _on_request(self, index: int, phase: str, method: str, path: str, body: Any) -> None:
        if self._passes() and phase == "before":
            # The process is dead, but its request has arrived here: it shall count as never sent.
            self._host.world.discord.faults.drop(f"^{re.escape(path)}$", method=method)


class Host(BotProcess):
    """The process of one run.

    `ended`: how often it ended without having been killed. `stays_down`: see the base.
    """

    body = staticmethod(run_briskly)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.discord.timing.acknowledge = ACKNOWLEDGE
        world.discord.timing.heartbeat = HEARTBEAT
        self.ended = 0
        self.switch = KillSwitch(self)
        self.watch = self.switch  # pyright: ignore
        self._starting = asyncio.Lock()
        self._disk: tuple[int, int] | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and not self._killed and not self._gone.is_set()

    async def up(self) -> None:
        """See that the bot runs and is connected, whoever else waits for the same."""
        async with self._starting:
            # It ends at once while a database server is still recovering, and is started again as by a service manager.
            deadline = time.monotonic() + START
            while not self.alive:
                assert time.monotonic() < deadline, f"the bot does not start:\n{self.output()}"
                if self._process is not None and not self._killed:
                    self.ended += 1
                    self._killed = True
                await self._start_again()

    async def _start_again(self) -> None:
        if self._process is not None:
            await self._gone.wait()
            self._ahead += self.stays_down
            self.world.discord.advance(self.stays_down)
        self.stays_down = 0.0
        self._start()
        await self.while_alive(self.world.discord.wait_until(self._is_connected, START))

    def waited_for_cpu(self) -> float:
        """Return for how many seconds in all the bot, or this process, was ready to run and had no processor to run on."""
        return waited_for_cpu(self._process.pid if self._process is not None and self.alive else None)

    async def while_alive(self, wanted: Awaitable[T]) -> T | None:
        """Wait for something, but not longer than the bot lives; None when it ended first."""
        waiting, gone = asyncio.ensure_future(wanted), asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                # What the bot did last may be on its way to whoever waits.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            return waiting.result() if waiting.done() else None
        finally:
            for task in (waiting, gone):
                task.cancel()

    def fill_disk(self) -> None:
        """Let every write to a file by the process fail from now on, as on a full disk: its limit on file sizes becomes 1."""
        if self.alive:
            assert self._process is not None
            assert self._process.pid is not None
            self._disk = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (1, self._disk[1]))

    def free_disk(self) -> None:
        """Let files be written again; a process that was started meanwhile can do it anyway."""
        if self._disk is not None and self.alive:
            assert self._process is not None
            assert self._process.pid is not None
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, self._disk)
        self._disk = None

    async def stop(self) -> None:
        """End the process at once and wait until it is gone."""
        if self.alive:
            self.kill()
        if self._process is not None:
            await self._gone.wait()
            self._process = None
