"""Several processes of the bot on one PostgreSQL database and one sandbox."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any

import aiohttp
from sqlalchemy import create_engine, text

from db.engine import sync_url
from sandbox.discord.models import Message
from sandbox.geometry_dash import catalogue
from sandbox.geometry_dash.levels import Level
from tests.e2e import steps
from tests.e2e.crash.process import FORKED
from tests.e2e.processes.child import run_bot
from tests.e2e.world import TOKEN, Guild, World
from util.identifiers import Route

PATIENCE = 30.0
"""Seconds."""


class Process:
    """One process of the bot."""

    def __init__(self, world: "SharedWorld", name: str, **environment: str) -> None:
        self._world = world
        self._output = world.folder / f"{name}.txt"
        values = {
            "BOT_TOKEN": TOKEN,
            "DATABASE_URL": world.database_url,
            "GD_API_URL": world.game.base_url,
            "DISCORD_API_URL": world.discord.api_url,
            "LOG_FORMAT": "text",
            "API_PORT": "0",
            **environment,
        }
        self._process: BaseProcess = FORKED.Process(target=run_bot, args=(values, str(self._output)), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def output(self) -> str:
        """What it wrote."""
        return self._output.read_text() if self._output.exists() else ""

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    async def wrote(self, what: str, times: int = 1) -> None:
        """Wait until it has written something."""
        await until(lambda: self.output.count(what) >= times, lambda: f"{what!r} not in:\n{self.output}")

    async def ended(self) -> int | None:
        """Wait until it has ended; return its exit code."""
        await until(lambda: not self._process.is_alive(), lambda: self.output)
        return self._process.exitcode

    def fences(self) -> dict[int, int]:
        """Return the shards that are its own, with their numbers."""
        rows = self._world.rows(
            "SELECT shard_id, fence FROM shard_lease JOIN bot_process ON id = holder WHERE place LIKE :place",
            place=f"%:{self.pid}",
        )
        return dict(rows)

    async def get(self, path: str, **options: Any) -> tuple[int, str]:
        """Call it over HTTP."""
        await self.wrote("listening")
        address = self.output.split("http://127.0.0.1:")[1].split()[0].strip("'\"")
        async with aiohttp.ClientSession() as session:
            method = "POST" if "json" in options else "GET"
            async with session.request(method, f"http://127.0.0.1:{address}{path}", **options) as response:
                return response.status, await response.text()

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


async def until(condition: Callable[[], object], said: Callable[[], str] = str) -> None:
    """Wait for a condition. Raises `AssertionError` with what is said when it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, said()
        await asyncio.sleep(0.02)


@dataclass
class SharedWorld(World):
    """A world whose bot has several processes."""

    address: str = ""
    processes: list[Process] = field(default_factory=list[Process])

    @property
    def database_url(self) -> str:
        """The address of the bot's database."""
        return self.address

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Return rows of the database."""
        engine = create_engine(sync_url(self.address), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement), values)]
        finally:
            engine.dispose()

    async def add_guild_in(self, shard: int) -> Guild:
        """Make a guild of a shard."""
        ids = self.discord.world.ids
        ids.make()
        moment = (ids.last >> 22) + 50
        ids.last = (moment - moment % 4 + 4 + shard) << 22
        guild = await self.add_guild(f"Guild of shard {shard}")
        assert (guild.id >> 22) % 4 == shard
        return guild

    def begin(self, **environment: str) -> Process:
        """Start one more process."""
        self.processes.append(Process(self, f"process-{len(self.processes)}", **environment))
        return self.processes[-1]

    async def served(self, *processes: Process, each: int | None = None) -> None:
        """Wait until these processes serve all shards and guilds, each of them so many."""

        def is_so() -> bool:
            held = [process.fences() for process in processes]
            alive = {session.shard[0] for session in self.application.sessions if session.alive}
            return (
                sorted(shard for fences in held for shard in fences) == [0, 1, 2, 3] == sorted(alive)
                # The sandbox may not have noticed yet that a former session is over.
                and all(process.output.count("has connected to Gateway") >= len(process.fences()) for process in processes)
                and (each is None or all(len(fences) == each for fences in held))
                and all(self.application.commands.get(guild.id) for guild in self.guilds)
            )

        await until(is_so, lambda: "\n\n".join(process.output[-3000:] for process in processes))

    async def request(self, guild: Guild, name: str, level: Level = catalogue.UNRATED_EASY) -> None:
        """Let somebody new request a level, as soon as the guild answers at all."""
        member = guild.join(name)
        asked = await steps.ask(guild, member, level)
        assert asked.kind == "modal", asked.content
        await steps.fill(member, asked)

    def cards(self, guild: Guild) -> list[Message]:
        """Return the cards of pending requests."""
        return guild.messages(Route.PENDING_REQUEST)

    async def one_card(self, guild: Guild) -> None:
        """Wait until the guild's request has its card and nothing is owed; fail where there are two."""
        owed = "SELECT 1 FROM delivery WHERE guild_id = :guild"
        await until(lambda: self.cards(guild) and not self.rows(owed, guild=guild.id), self.outputs)
        assert len(self.cards(guild)) == 1

    def outputs(self) -> str:
        """Return the ends of what all processes wrote."""
        return "\n\n".join(process.output[-3000:] for process in self.processes)

    def owed(self, guild: Guild) -> int:
        """Return how much is owed to a guild."""
        return len(self.rows("SELECT 1 FROM delivery WHERE guild_id = :guild", guild=guild.id))
