"""The bot as a process of its own: start it, watch it, end it or kill it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Final, TypeVar

ROOT: Final = Path(__file__).resolve().parents[2]
# What a Python process may need of its surroundings; nothing that configures a bot.
_PASSED_ON: Final = (
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "VIRTUAL_ENV",
)
_KEPT_LINES: Final = 2000
_LONGEST_LINE: Final = 4 * 1024 * 1024
_PATIENCE: Final = 10.0

T = TypeVar("T")


class BotEnded(Exception):
    """The bot's process ended while something was expected of it."""

    def __init__(self, code: int | None, output: list[str]) -> None:
        super().__init__(f"The bot's process ended with exit code {code}")
        self.code = code
        self.output = output


async def run_module(module: str, environment: Mapping[str, str], given: str) -> None:
    """Run a module of the bot to its end, as a process of its own that is given a text. Raises `BotEnded` when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        cwd=ROOT,
        env=_surroundings(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate(given.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise BotEnded(process.returncode, said.decode(errors="replace").splitlines())


def _surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return inherited | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"} | dict(environment)


class BotProcess:
    """The bot's process, started with an environment of its own. It may be started again after it ended."""

    def __init__(self, environment: Mapping[str, str], command: list[str] | None = None) -> None:
        self._command = command or [sys.executable, str(ROOT / "main.py")]
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._output: deque[str] = deque(maxlen=_KEPT_LINES)

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id of the present or last run."""
        return None if self._process is None else self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How the last run ended; None while it lives. A negative number is the signal that ended it."""
        return None if self._process is None else self._process.returncode

    def output(self, lines: int = 30) -> list[str]:
        """Return the last lines the bot wrote, over all its runs."""
        return list(self._output)[-lines:]

    async def start(self) -> None:
        """Start the process. Raises `OSError` when there is nothing to start."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=ROOT,
            env=_surroundings(self._environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self._output.append(line.decode(errors="replace").rstrip())

    async def watch(self, wanted: Awaitable[T]) -> T:
        """Wait for something only as long as the bot lives.

        Raises `BotEnded` at once when the process ends first.
        """
        if self._process is None:
            raise RuntimeError("the bot has not been started")
        waiting = asyncio.ensure_future(wanted)
        ended = asyncio.ensure_future(self._process.wait())
        try:
            await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
            await self._drain()
            raise BotEnded(self._process.returncode, self.output())
        finally:
            for task in (waiting, ended):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task

    async def kill(self) -> None:
        """End the process as a power cut would: it cannot finish anything."""
        if self._process is not None and self.running:
            self._process.kill()
        await self._gone()

    async def stop(self) -> None:
        """Ask the process to end and wait for it; one that does not is killed."""
        if self._process is None or not self.running:
            return await self._gone()
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
        return await self._gone()

    async def _gone(self) -> None:
        if self._process is not None:
            await self._process.wait()
            await self._drain()

    async def _drain(self) -> None:
        """Read what the process had still written; a child of it that keeps the pipe open is not waited for."""
        if self._reader is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._reader), 1.0)
