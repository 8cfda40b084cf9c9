"""The bot as operators run it: `python main.py` as a process of its own, with its log, its HTTP side and its exit code."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from config.paths import ROOT
from tests.e2e.world import TOKEN, World

PATIENCE = 40.0
"""Seconds; several test runs may share the machine."""
INHERITED = ("HOME", "PATH", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class RealBot:
    """The process on a world's servers and database. Lines of its log are read as JSON; any other line stays in `foreign`."""

    def __init__(self, world: World, **environment: str) -> None:
        self.world = world
        self.environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "BOT_TOKEN": TOKEN,
            "DATABASE_URL": world.database_url,
            "GD_API_URL": world.game.base_url,
            "DISCORD_API_URL": world.discord.api_url,
            "API_PORT": "0",
            "LOG_FORMAT": "json",
            "PYTHONUTF8": "1",
            **environment,
        }
        self.log: list[dict[str, Any]] = []
        self.foreign: list[str] = []
        self.output = ""
        self._news = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process id of the last start."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start the process and wait until it is ready."""
        await self.launch()
        await self.logged("ready")
        await self.world.discord.wait_until(
            lambda: all(self.world.application.commands.get(guild.id) for guild in self.world.guilds), PATIENCE
        )

    async def launch(self) -> None:
        """Start the process."""
        # How soon it answers is not the question here.
        self.world.discord.timing.acknowledge = PATIENCE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "main.py"),
            cwd=self.world.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 22,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode()
            self.output += line
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.foreign.append(line)
            self._tell()
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def logged(self, event: str, fits: Callable[[dict[str, Any]], bool] = lambda line: True) -> dict[str, Any]:
        """Wait for a line of the log and return it. Raises AssertionError with everything that was written when none comes."""
        assert self._reader is not None
        async with asyncio.timeout(PATIENCE):
            while True:
                news = self._news
                for line in self.log:
                    if line.get("event") == event and fits(line):
                        return line
                assert not self._reader.done(), f"the process ended without {event!r}:\n{self.output}"
                await news.wait()

    async def get(self, path: str) -> tuple[int, str]:
        """Ask the process over HTTP; return status and body."""
        address = (await self.logged("listening"))["address"]
        async with aiohttp.ClientSession() as session, session.get(address + path) as response:
            return response.status, await response.text()

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self) -> tuple[int, float]:
        """Wait until the process has ended; return its exit code and how many seconds that took."""
        assert self._process is not None
        assert self._reader is not None
        begun = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
        seconds = time.monotonic() - begun
        await asyncio.wait({self._reader}, timeout=1.0)
        return code, seconds

    async def close(self) -> None:
        """Leave no process behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        if self._reader is not None:
            self._reader.cancel()
